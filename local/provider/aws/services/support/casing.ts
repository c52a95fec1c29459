/** What the change of letter case cannot know by itself. */
export interface CasingRules {
  /** Names that differ by more than their first letter: name in Pulumi → name in AWS, at any depth. */
  names?: Record<string, string>;
  /** Properties (named as in Pulumi) that are maps: their keys are data and stay as they are. */
  maps?: string[];
  /** Properties that are maps nearly everywhere (`tags`, `parameters`) and are none here. */
  notMaps?: string[];
}

type Rename = (key: string) => string;

/** Maps that mean the same wherever they appear. */
const commonMaps = ["tags", "parameters"];

/**
 * Value of `@pulumi/aws` → shape of the AWS SDK: `logGroup` → `LogGroup` at any depth. The caller names the shape.
 */
export function toService<Shape>(value: unknown, rules: CasingRules = {}): Shape {
  const isMap = mapTest(rules);
  const rename: Rename = (key) => rules.names?.[key] ?? key.charAt(0).toUpperCase() + key.slice(1);
  return convert(value, rename, (key) => isMap(key)) as Shape;
}

/** Shape of the AWS SDK → value of `@pulumi/aws`: `LogGroup` → `logGroup` at any depth; dates become ISO text. */
export function fromService(value: unknown, rules: CasingRules = {}): unknown {
  const isMap = mapTest(rules);
  const names = Object.fromEntries(
    Object.entries(rules.names ?? {}).map(([pulumi, service]) => [service, pulumi]),
  );
  const rename: Rename = (key) => names[key] ?? key.charAt(0).toLowerCase() + key.slice(1);
  return convert(value, rename, (key) => isMap(rename(key)));
}

/** {@link fromService} of a structure, undefined where there is none. */
export function fieldsFromService(
  value: object | undefined,
  rules: CasingRules = {},
): Record<string, unknown> {
  return fromService(value ?? {}, rules) as Record<string, unknown>;
}

function mapTest(rules: CasingRules): (key: string) => boolean {
  const common = commonMaps.filter((name) => !rules.notMaps?.includes(name));
  const maps = new Set([...common, ...(rules.maps ?? [])]);
  return (key) => maps.has(key);
}

function convert(value: unknown, rename: Rename, isMap: (key: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, rename, isMap));
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value ?? undefined;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined && inner !== null)
      .map(([key, inner]) => [rename(key), isMap(key) ? inner : convert(inner, rename, isMap)]),
  );
}

/** The named fields of an answer; a field that the answer lacks was looked at and is not set. */
export function seen(answer: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, answer[field]]));
}

/** The named fields that the answer has: an emulator that leaves one out does not say anything about it. */
export function answered(answer: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter((field) => answer[field] !== undefined).map((field) => [field, answer[field]]),
  );
}

/**
 * The last known structure with every field that the answer has put over it: for structures of which the emulator
 * answers only a part.
 */
export function overlay(
  known: object | undefined,
  answer: object | undefined,
): Record<string, unknown> | undefined {
  return known === undefined && answer === undefined ? undefined : { ...known, ...answer };
}
