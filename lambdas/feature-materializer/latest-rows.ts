import type { DuckDBConnection } from "@duckdb/node-api";

import { activeFeatures, FeatureEntity, FeatureView } from "../../components/contracts/feature-definition";
import {
  createdTimeColumn,
  eventTimeColumn,
  literal,
  momentOf,
  newestFirst,
  parquetFiles,
  quoted,
  viewRows,
} from "../shared/feature-rows";
import type { FeatureValue, OnlineRow } from "./online-store";

/** A local file and when its object arrived, in milliseconds since 1970. */
export interface LocalFile {
  path: string;
  arrived: number;
}

/** Column with the arrival of a row's file: when the row was written, for views that do not say. */
const arrivedColumn = "__arrived";
const fileColumn = "__file";

/** Rows of the files, each with the arrival of its file. */
function arrivedRows(files: LocalFile[]): string {
  const arrivals = files.map(
    ({ path, arrived }) => `(${literal(path)}, make_timestamptz(${arrived * 1000}))`,
  );
  return [
    `(SELECT rows.*, arrivals.${arrivedColumn} FROM`,
    parquetFiles(files.map(({ path }) => path)).replace(/\)$/, `, filename = '${fileColumn}') AS rows`),
    `JOIN (VALUES ${arrivals.join(", ")}) arrivals(path, ${arrivedColumn}) ON rows.${fileColumn} = arrivals.path)`,
  ].join("\n");
}

/** SQL of the newest row of each entity among the files, not later than a moment. */
export function latestRowsSql(
  view: FeatureView,
  entity: FeatureEntity,
  files: LocalFile[],
  now: Date,
): string {
  const timed = { ...view, createdTime: view.createdTime ?? arrivedColumn };
  const keys = entity.joinKeys.map(({ name }) => quoted(name));
  const columns = [...keys, ...activeFeatures(view).map(({ name }) => quoted(name))];
  return [
    `SELECT ${columns.join(", ")}, epoch_us(${eventTimeColumn}) AS event_us, epoch_us(${createdTimeColumn}) AS written_us`,
    `FROM (${viewRows(timed, entity, arrivedRows(files))})`,
    `WHERE epoch_us(${eventTimeColumn}) <= ${now.getTime() * 1000}`,
    `QUALIFY row_number() OVER (PARTITION BY ${keys.join(", ")} ORDER BY ${newestFirst(view)}) = 1`,
  ].join("\n");
}

/** The newest row of each entity, a chunk at a time. */
export async function* latestRows(connection: DuckDBConnection, sql: string): AsyncGenerator<OnlineRow[]> {
  const result = await connection.stream(sql);
  for await (const chunk of result.yieldRowObjectJs()) {
    yield chunk.map((row) => {
      const { event_us: eventTime, written_us: writtenTime, ...values } = row;
      return {
        values: values as Record<string, FeatureValue>,
        eventTime: eventTime as bigint,
        writtenTime: (writtenTime as bigint | null) ?? 0n,
      };
    });
  }
}

/** What a batch of files holds. */
export interface BatchCounts {
  rows: number;
  /** Rows without a join key or an event time: they belong to no entity. */
  skipped: number;
  /** Paths of files with rows of the future. */
  withFuture: string[];
}

/** Counts the rows of files. */
export async function countRows(
  connection: DuckDBConnection,
  view: FeatureView,
  entity: FeatureEntity,
  files: LocalFile[],
  now: Date,
): Promise<BatchCounts> {
  const absent = [...entity.joinKeys.map(({ name }) => name), view.eventTime]
    .map((name) => `${quoted(name)} IS NULL`)
    .join(" OR ");
  const reader = await connection.runAndReadAll(
    [
      `SELECT ${fileColumn}, count(*)::DOUBLE, (count(*) FILTER (WHERE ${absent}))::DOUBLE,`,
      `  coalesce(bool_or(epoch_us(${momentOf(view.eventTime)}) > ${now.getTime() * 1000}), false)`,
      `FROM ${arrivedRows(files)} GROUP BY ALL`,
    ].join("\n"),
  );
  const counts = reader.getRowsJS() as [string, number, number, boolean][];
  return {
    rows: counts.reduce((sum, [, rows]) => sum + rows, 0),
    skipped: counts.reduce((sum, [, , skipped]) => sum + skipped, 0),
    withFuture: counts.filter(([, , , future]) => future).map(([file]) => file),
  };
}
