import {
  activeFeatures,
  FeatureEntity,
  FeatureType,
  FeatureView,
  JoinKeyType,
} from "../../components/contracts/feature-definition";

/** Column of a view's rows with the event time. */
export const eventTimeColumn = "__event_time";
/** Column of a view's rows with the time at which the row was written; null where the view knows none. */
export const createdTimeColumn = "__created_time";

const sqlTypes: Record<FeatureType, string> = {
  [FeatureType.Integral]: "BIGINT",
  [FeatureType.Fractional]: "DOUBLE",
  [FeatureType.String]: "VARCHAR",
};

/** SQL type of a join key. */
export function keySqlType(type: JoinKeyType): string {
  return type === JoinKeyType.Integral ? "BIGINT" : "VARCHAR";
}

/** An identifier in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A moment, whatever the column's type; a time without a zone is in UTC, as every connection is set. */
export function momentOf(column: string): string {
  return `CAST(${quoted(column)} AS TIMESTAMPTZ)`;
}

/** Expression that reads Parquet files; a column that older files lack is null in their rows. */
export function parquetFiles(files: readonly string[]): string {
  return `read_parquet([${files.map(literal).join(", ")}], union_by_name = true)`;
}

/**
 * Query of a view's rows: join keys, features that are in use, event time and created time, each in its type. Rows
 * without a key or an event time belong to nobody and are left out.
 * @param source - table expression that holds the columns of the view's data set
 */
export function viewRows(view: FeatureView, entity: FeatureEntity, source: string): string {
  const keys = entity.joinKeys.map(
    ({ name, type }) => `CAST(${quoted(name)} AS ${keySqlType(type)}) AS ${quoted(name)}`,
  );
  const features = activeFeatures(view).map(
    ({ name, type }) => `CAST(${quoted(name)} AS ${sqlTypes[type]}) AS ${quoted(name)}`,
  );
  const created = view.createdTime === undefined ? "CAST(NULL AS TIMESTAMPTZ)" : momentOf(view.createdTime);
  const present = [...entity.joinKeys.map(({ name }) => name), view.eventTime].map(
    (name) => `${quoted(name)} IS NOT NULL`,
  );
  return [
    `SELECT ${[...keys, ...features].join(", ")},`,
    `  ${momentOf(view.eventTime)} AS ${eventTimeColumn}, ${created} AS ${createdTimeColumn}`,
    `FROM ${withOptionalColumns(view, source)} WHERE ${present.join(" AND ")}`,
  ].join("\n");
}

/** The source with every column that it may lack: a feature that was just added is in no file yet, and null there. */
function withOptionalColumns(view: FeatureView, source: string): string {
  const optional = [
    ...activeFeatures(view).map(({ name }) => name),
    ...(view.createdTime === undefined ? [] : [view.createdTime]),
  ];
  const nulls = optional.map((name) => `NULL AS ${quoted(name)}`);
  return `(SELECT ${nulls.join(", ")} WHERE false UNION ALL BY NAME SELECT * FROM ${source})`;
}

/**
 * Order of rows from the newest to the oldest. Between rows of one event time the one written last wins; where that is
 * not known either, the values decide, so that the same rows always give the same winner.
 */
export function newestFirst(view: FeatureView): string {
  return [eventTimeColumn, createdTimeColumn, ...activeFeatures(view).map(({ name }) => quoted(name))]
    .map((column) => `${column} DESC NULLS LAST`)
    .join(", ");
}
