import { z } from "zod";

import { contractSchema } from "./contract-schema";
import { ColumnContract, ColumnType, DataContract } from "./data-contract";

/** A JSON Schema, draft 2020-12 or 07, as plain data. */
export type JsonSchema = Record<string, unknown>;

/** What a JSON Schema does not say about a contract. */
export interface ContractIdentity {
  /** Name of the data set. @default the schema's `x-dataset` */
  dataset?: string;
  /** Version of the contract. @default the schema's `x-version` */
  version?: string;
}

/** Keywords that say nothing about which rows are valid. */
const annotations = ["title", "description", "$comment", "examples", "default", "deprecated"];
const columnKeywords = [
  ...[
    "type",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "enum",
    "const",
    "anyOf",
  ],
  ...["x-primary-key", "x-personal", "x-references", "x-maximum-null-share"],
];
const schemaKeywords = [
  ...["$schema", "$id", "type", "properties", "required", "additionalProperties"],
  ...["x-dataset", "x-version", "x-primary-key", "x-maximum-bad-row-share"],
  ...["x-future-tolerance-seconds", "x-anomalies"],
];

/**
 * Makes a contract from the JSON Schema of one row: an object whose `properties` are the columns.
 *
 * A column that is not `required`, or may be `null`, is nullable. Strings of the format `date-time` are timestamps.
 * What JSON Schema has no word for stands in keywords that begin with `x-`: on a property `x-primary-key` (true),
 * `x-personal`, `x-references` (`{dataset, column}`), `x-maximum-null-share`; on the schema `x-dataset`, `x-version`,
 * `x-primary-key` (names in order), `x-maximum-bad-row-share`, `x-future-tolerance-seconds`, `x-anomalies`.
 * @throws Error with one sentence per keyword that a contract cannot express, each with its path
 */
export function contractFromJsonSchema(schema: JsonSchema, identity: ContractIdentity = {}): DataContract {
  const faults: string[] = [];
  checkSchema(schema, faults);
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? (schema.required as unknown[]) : [];
  for (const name of required) {
    if (!(String(name) in properties)) faults.push(`required: "${String(name)}" is no property.`);
  }
  const columns = Object.entries(properties).map(([name, property]) =>
    columnOf(name, property, required.includes(name), faults),
  );
  const marked = Object.entries(properties)
    .filter(([, property]) => isRecord(property) && property["x-primary-key"] === true)
    .map(([name]) => name);
  const candidate = withoutUndefined({
    dataset: identity.dataset ?? schema["x-dataset"],
    version: identity.version ?? schema["x-version"],
    columns,
    primaryKey: schema["x-primary-key"] ?? (marked.length === 0 ? undefined : marked),
    maximumBadRowShare: schema["x-maximum-bad-row-share"],
    futureToleranceSeconds: schema["x-future-tolerance-seconds"],
    anomalies: schema["x-anomalies"],
  });
  if (faults.length === 0) {
    const parsed = contractSchema.safeParse(candidate);
    if (parsed.success) return parsed.data;
    faults.push(...parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}.`));
  }
  throw new Error(`The JSON Schema is no data contract.\n${faults.join("\n")}`);
}

/**
 * Makes a contract from a zod schema of one row, for example
 * `z.strictObject({ id: z.string().meta({ "x-primary-key": true }), at: z.iso.datetime(), delay: z.number().nullable() })`.
 * @throws Error with one sentence per check that a contract cannot express, each with its path
 */
export function contractFromZod(schema: z.ZodType, identity: ContractIdentity = {}): DataContract {
  return contractFromJsonSchema(z.toJSONSchema(schema, { io: "input" }) as JsonSchema, identity);
}

function checkSchema(schema: JsonSchema, faults: string[]): void {
  if (schema.type !== "object") {
    faults.push(`type: ${JSON.stringify(schema.type)} was given; a row is an "object".`);
  }
  if (!isRecord(schema.properties)) faults.push("properties: the columns are missing.");
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) {
    faults.push(
      "additionalProperties: only false is possible; a contract refuses columns that it does not name.",
    );
  }
  checkKeywords(schema, schemaKeywords, "", faults);
}

function checkKeywords(schema: JsonSchema, known: string[], place: string, faults: string[]): void {
  for (const keyword of Object.keys(schema)) {
    if (known.includes(keyword) || annotations.includes(keyword)) continue;
    faults.push(`${place}${keyword}: a contract cannot express this keyword; it knows ${known.join(", ")}.`);
  }
}

function columnOf(name: string, given: unknown, isRequired: boolean, faults: string[]): ColumnContract {
  const place = `properties.${name}`;
  const { schema, acceptsNull } = withoutNull(isRecord(given) ? given : {});
  // Zod writes the pattern of a date-time beside its format.
  const known = schema.format === "date-time" ? [...columnKeywords, "pattern"] : columnKeywords;
  checkKeywords(schema, known, `${place}.`, faults);
  if (schema.anyOf !== undefined) {
    faults.push(`${place}.anyOf: only a union of one type with null is possible.`);
  }
  const type = typeOf(schema, place, faults);
  return withoutUndefined({
    name,
    type,
    nullable: acceptsNull || !isRequired ? true : undefined,
    minimum: limitOf(schema, type, "minimum", place, faults),
    maximum: limitOf(schema, type, "maximum", place, faults),
    allowed: allowedOf(schema, type, place, faults),
    maximumNullShare: schema["x-maximum-null-share"],
    references: schema["x-references"],
    personal: schema["x-personal"] === true ? true : undefined,
  }) as unknown as ColumnContract;
}

/** Takes null out of `type: [T, "null"]`, of `anyOf: [S, {type: "null"}]` and of lists of values. */
function withoutNull(property: JsonSchema): { schema: JsonSchema; acceptsNull: boolean } {
  const { anyOf, type, ...rest } = property;
  if (Array.isArray(anyOf)) {
    const branches = (anyOf as unknown[]).filter((branch) => !(isRecord(branch) && branch.type === "null"));
    const [only] = branches;
    if (branches.length === 1 && isRecord(only) && anyOf.length === 2) {
      return { schema: { ...only, ...rest }, acceptsNull: true };
    }
    return { schema: property, acceptsNull: false };
  }
  if (!Array.isArray(type)) return { schema: property, acceptsNull: false };
  const types = (type as unknown[]).filter((candidate) => candidate !== "null");
  const values = Array.isArray(rest.enum)
    ? { enum: (rest.enum as unknown[]).filter((value) => value !== null) }
    : {};
  return {
    schema: { ...rest, ...values, type: types.length === 1 ? types[0] : types },
    acceptsNull: types.length < type.length,
  };
}

function typeOf({ type, format }: JsonSchema, place: string, faults: string[]): ColumnType {
  if (format !== undefined && !(type === "string" && format === "date-time")) {
    faults.push(
      `${place}.format: ${JSON.stringify(format)} was given; only "date-time" of a string is checked.`,
    );
  } else if (format === "date-time") {
    return ColumnType.Timestamp;
  }
  const plain = [ColumnType.String, ColumnType.Integer, ColumnType.Number, ColumnType.Boolean];
  const found = plain.find((candidate) => candidate === type);
  if (found !== undefined) return found;
  const allowed = plain.map((candidate) => `"${candidate}"`).join(", ");
  faults.push(
    `${place}.type: ${JSON.stringify(type)} was given; a column has one of ${allowed}, with or without "null".`,
  );
  return ColumnType.String;
}

function limitOf(
  schema: JsonSchema,
  type: ColumnType,
  keyword: "minimum" | "maximum",
  place: string,
  faults: string[],
): number | undefined {
  const exclusiveKeyword = keyword === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum";
  const exclusive = schema[exclusiveKeyword];
  const inclusive = schema[keyword] as number | undefined;
  if (exclusive === undefined) return inclusive;
  if (type !== ColumnType.Integer || typeof exclusive !== "number") {
    faults.push(`${place}.${exclusiveKeyword}: limits of contracts are inclusive; give ${keyword}.`);
    return inclusive;
  }
  if (keyword === "minimum") return Math.max(inclusive ?? -Infinity, Math.floor(exclusive) + 1);
  return Math.min(inclusive ?? Infinity, Math.ceil(exclusive) - 1);
}

function allowedOf(
  schema: JsonSchema,
  type: ColumnType,
  place: string,
  faults: string[],
): string[] | undefined {
  const values = schema.const === undefined ? schema.enum : [schema.const];
  if (values === undefined) return undefined;
  const kind = type === ColumnType.Integer || type === ColumnType.Number ? "number" : "string";
  if (
    Array.isArray(values) &&
    type !== ColumnType.Boolean &&
    type !== ColumnType.Timestamp &&
    values.every((value) => typeof value === kind)
  ) {
    return values.map(String);
  }
  faults.push(`${place}.enum: values of the column's type are needed, strings or numbers.`);
  return undefined;
}

function isRecord(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutUndefined(value: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
