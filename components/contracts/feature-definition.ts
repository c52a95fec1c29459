import { z } from "zod";

/** The types that a feature may have. */
export enum FeatureType {
  /** Whole numbers. */
  Integral = "Integral",
  /** Floating-point numbers. */
  Fractional = "Fractional",
  /** Text, and times in ISO 8601. */
  String = "String",
}

/** The types that a join key may have: those for which equality is exact. */
export enum JoinKeyType {
  /** Whole numbers. */
  Integral = "Integral",
  /** Text. */
  String = "String",
}

/** A column that, alone or with others, identifies an entity. */
export interface JoinKey {
  /** Column name. */
  name: string;
  /** Type of its values. */
  type: JoinKeyType;
}

/** A thing that features describe, for example an airport or a customer. */
export interface FeatureEntity {
  /** Entity name. */
  name: string;
  /** Columns that together identify one. */
  joinKeys: JoinKey[];
  /** Sentence on what it is. @default none */
  description?: string;
}

/** One feature of a view. */
export interface ViewFeature {
  /** Column name. */
  name: string;
  /** Type of its values. */
  type: FeatureType;
  /** Sentence on what it is. @default none */
  description?: string;
  /** Whether it holds personal data; the view then needs `ttlSeconds`. @default false */
  personal?: boolean;
  /**
   * Whether nobody should use it any more. A deployed feature can never be removed, so this is how one is retired: it
   * stays in the stores and is no longer written or handed out.
   * @default false
   */
  deprecated?: boolean;
}

/** Features of one entity that come together from one curated data set. */
export interface FeatureView {
  /** View name. */
  name: string;
  /** Version; a view whose features changed in a way that stores cannot follow gets the next. @default 1 */
  version?: number;
  /** Name of the entity. */
  entity: string;
  /** Curated data set: the first folder of its Parquet files. */
  dataset: string;
  /** Columns of the data set that are features; join keys and times are none. */
  features: ViewFeature[];
  /** Column with the time at which the values became true. */
  eventTime: string;
  /** Column with the time at which the row was written; between rows of one event time the newest wins. @default none */
  createdTime?: string;
  /** Seconds after its event time that a value may still be used. @default for ever */
  ttlSeconds?: number;
}

/** The one definition of entities and features that every store and every training set is made from. */
export interface FeatureCatalog {
  /** Name of the project: the first part of the names of online tables. */
  project: string;
  /** Every entity. */
  entities: FeatureEntity[];
  /** Every view. */
  views: FeatureView[];
}

/** One fault of a catalog. */
export interface CatalogFault {
  /** Path of the field, for example `views[0].ttlSeconds`. */
  path: string;
  /** A sentence: what was given and what is allowed. */
  reason: string;
}

const nameRule = /^[a-z][a-z0-9_]{0,47}$/;
const columnRule = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;
const datasetRule = /^[a-z][a-z0-9-]{0,30}$/;
/** Columns that SageMaker, Feast or the training set itself adds. */
export const reservedColumns = [
  "is_deleted",
  "write_time",
  "api_invocation_time",
  "entity_id",
  "event_timestamp",
];
/** SageMaker's limit for one group. */
const mostFeatures = 2500;

const word = (rule: RegExp, allowed: string) =>
  z.string().regex(rule, { error: ({ input }) => `"${String(input)}" was given; allowed are ${allowed}` });
const name = word(nameRule, "lower-case letters, digits and underscores, at most 48, a letter first");
const column = word(columnRule, "letters, digits and underscores, at most 63, a letter first").refine(
  (text) => !reservedColumns.includes(text.toLowerCase()),
  {
    error: ({ input }) => `"${String(input)}" was given; ${reservedColumns.join(", ")} belong to the stores`,
  },
);

const featureSchema = z.strictObject({
  name: column,
  type: z.enum(FeatureType),
  description: z.string().max(1024).optional(),
  personal: z.boolean().optional(),
  deprecated: z.boolean().optional(),
}) satisfies z.ZodType<ViewFeature>;

export const featureEntitySchema = z.strictObject({
  name,
  joinKeys: z.array(z.strictObject({ name: column, type: z.enum(JoinKeyType) })).min(1),
  description: z.string().max(1024).optional(),
}) satisfies z.ZodType<FeatureEntity>;

export const featureViewSchema = z.strictObject({
  name,
  version: z.int().positive().optional(),
  entity: name,
  dataset: word(datasetRule, "lower-case letters, digits and hyphens, at most 31, a letter first"),
  features: z.array(featureSchema).min(1).max(mostFeatures),
  eventTime: column,
  createdTime: column.optional(),
  ttlSeconds: z.int().positive().optional(),
}) satisfies z.ZodType<FeatureView>;

/** Schema of {@link FeatureCatalog} with every rule between its fields. */
export const featureCatalogSchema = z
  .strictObject({
    project: name,
    entities: z.array(featureEntitySchema).min(1),
    views: z.array(featureViewSchema).min(1),
  })
  .superRefine((catalog, context) => {
    for (const { path, reason } of crossFaults(catalog)) {
      context.addIssue({ code: "custom", path, message: reason });
    }
  }) satisfies z.ZodType<FeatureCatalog>;

interface CrossFault {
  path: (string | number)[];
  reason: string;
}

function crossFaults(catalog: FeatureCatalog): CrossFault[] {
  const entities = catalog.entities.map((entity) => entity.name);
  return [
    ...twice(entities, (index) => ["entities", index, "name"]),
    ...twice(catalog.views.map(physicalViewName), (index) => ["views", index, "name"]),
    ...catalog.entities.flatMap(({ joinKeys }, index) =>
      twice(
        joinKeys.map((key) => key.name),
        (key) => ["entities", index, "joinKeys", key, "name"],
      ),
    ),
    ...catalog.views.flatMap((view, index) =>
      viewFaults(view, entityOfView(catalog, view), entities, ["views", index]),
    ),
  ];
}

function viewFaults(
  view: FeatureView,
  entity: FeatureEntity | undefined,
  entities: string[],
  at: (string | number)[],
): CrossFault[] {
  const faults: CrossFault[] = [];
  if (entity === undefined) {
    const reason = `"${view.entity}" was given; allowed is an entity of the catalog: ${entities.join(", ")}`;
    faults.push({ path: [...at, "entity"], reason });
  }
  const keys = entity?.joinKeys.map((key) => key.name) ?? [];
  const taken = [...keys, view.eventTime, ...(view.createdTime === undefined ? [] : [view.createdTime])];
  const names = [...taken, ...view.features.map((feature) => feature.name)];
  faults.push(
    ...twice(names, (index) =>
      index < taken.length
        ? [...at, index < keys.length ? "entity" : index === keys.length ? "eventTime" : "createdTime"]
        : [...at, "features", index - taken.length, "name"],
    ),
  );
  const personal = view.features.filter((feature) => feature.personal).map((feature) => feature.name);
  if (personal.length > 0 && view.ttlSeconds === undefined) {
    faults.push({
      path: [...at, "ttlSeconds"],
      reason: `it is missing although ${personal.join(", ")} hold personal data, which must not stay for ever; give the seconds that it may be used`,
    });
  }
  return faults;
}

function twice(names: string[], path: (index: number) => (string | number)[]): CrossFault[] {
  // Athena and SageMaker's tables do not tell capital letters apart.
  const plain = names.map((text) => text.toLowerCase());
  return plain.flatMap((text, index) =>
    plain.indexOf(text) === index ? [] : [{ path: path(index), reason: `"${names[index]}" was given twice` }],
  );
}

/** Every fault of a catalog, in the order of its fields. */
export function featureCatalogFaults(catalog: unknown): CatalogFault[] {
  const parsed = featureCatalogSchema.safeParse(catalog);
  return (parsed.error?.issues ?? []).map(({ path, message }) => ({
    path: path.reduce<string>(
      (text, part) =>
        typeof part === "number"
          ? `${text}[${part}]`
          : text === ""
            ? String(part)
            : `${text}.${String(part)}`,
      "",
    ),
    reason: message,
  }));
}

/** Name of a view in the stores: that of version 1 is plain, later ones end with their version, as in `delays_v2`. */
export function physicalViewName({ name: view, version = 1 }: Pick<FeatureView, "name" | "version">): string {
  return version === 1 ? view : `${view}_v${version}`;
}

/** The entity of a view; undefined in a catalog with a fault. */
export function entityOfView(catalog: FeatureCatalog, view: FeatureView): FeatureEntity | undefined {
  return catalog.entities.find((entity) => entity.name === view.entity);
}

/** The features that are still written and handed out. */
export function activeFeatures(view: FeatureView): ViewFeature[] {
  return view.features.filter((feature) => feature.deprecated !== true);
}

/** What {@link removedOrRetyped} compares of a feature. */
export interface NamedType {
  name: string;
  type: string;
}

/**
 * Features that a change takes away or gives another type: one sentence each, with the way out. Stores can only add.
 */
export function removedOrRetyped(before: readonly NamedType[], after: readonly NamedType[]): string[] {
  return before.flatMap((old) => {
    const next = after.find((feature) => feature.name === old.name);
    if (next === undefined) {
      return [
        `The feature ${old.name} was taken away, and a feature store can only add features. Keep it in the list with "deprecated: true", or make a new version of the features beside this one.`,
      ];
    }
    if (next.type === old.type) return [];
    return [
      `The feature ${old.name} changed its type from ${old.type} to ${next.type}, and a feature store can only add features. Add the feature under another name and mark this one "deprecated: true", or make a new version of the features beside this one.`,
    ];
  });
}
