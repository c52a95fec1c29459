import type { DuckDBConnection } from "@duckdb/node-api";

import { activeFeatures, FeatureEntity, FeatureView } from "../../components/contracts/feature-definition";
import { literal, parquetFiles, quoted } from "../shared/feature-rows";
import { pointInTimeSql, trainingColumn } from "./point-in-time";

/** Labels and views as local files. */
export interface LocalInputs {
  /** Labels, as CSV or Parquet. */
  labelsFile: string;
  labelTime: string;
  views: { view: FeatureView; entity: FeatureEntity; files: string[] }[];
  withEventTimes: boolean;
  /** Parquet file to write. */
  target: string;
}

/** What a training set holds. */
export interface BuiltSet {
  rows: number;
  columns: { name: string; type: string }[];
  /** Share of rows, 0 to 1, in which a feature has a value. */
  coverage: Record<string, number>;
}

/**
 * Writes a training set that is right at each label's time.
 * @throws Error that names the columns which the labels lack
 */
export async function buildTrainingSet(connection: DuckDBConnection, inputs: LocalInputs): Promise<BuiltSet> {
  const labels = labelsTable(inputs);
  await checkLabels(connection, labels, inputs);
  const sql = pointInTimeSql({
    labels,
    labelTime: inputs.labelTime,
    views: inputs.views.map(({ view, entity, files }) => ({ view, entity, source: parquetFiles(files) })),
    withEventTimes: inputs.withEventTimes,
  });
  await connection.run(`COPY (${sql}) TO ${literal(inputs.target)} (FORMAT parquet, COMPRESSION zstd)`);
  return describe(connection, inputs);
}

/** Join keys in CSV are read in their own type: `007` is a text there, not a number. */
function labelsTable({ labelsFile, views }: LocalInputs): string {
  if (labelsFile.endsWith(".parquet")) return parquetFiles([labelsFile]);
  const keys = new Map(views.flatMap(({ entity }) => entity.joinKeys.map(({ name, type }) => [name, type])));
  const types = [...keys].map(
    ([name, type]) => `${literal(name)}: ${type === "Integral" ? "'BIGINT'" : "'VARCHAR'"}`,
  );
  return `read_csv(${literal(labelsFile)}, header = true, types = {${types.join(", ")}})`;
}

async function columnsOf(connection: DuckDBConnection, table: string): Promise<BuiltSet["columns"]> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`);
  return described.getRowObjectsJS().map((row) => ({
    name: String(row.column_name),
    type: String(row.column_type),
  }));
}

async function checkLabels(connection: DuckDBConnection, labels: string, inputs: LocalInputs): Promise<void> {
  // Without the types, so that a key that is missing is our sentence and not DuckDB's.
  const plain = labels.replace(/, types = \{.*\}/s, "");
  const present = (await columnsOf(connection, plain)).map(({ name }) => name);
  const needed = [
    inputs.labelTime,
    ...inputs.views.flatMap(({ entity }) => entity.joinKeys.map(({ name }) => name)),
  ];
  const missing = [...new Set(needed)].filter((name) => !present.includes(name));
  if (missing.length > 0) {
    throw new Error(
      `The labels lack the columns ${missing.join(", ")}; they have ${present.join(", ")}. The label's time and the join keys of every view are needed.`,
    );
  }
}

async function describe(connection: DuckDBConnection, { views, target }: LocalInputs): Promise<BuiltSet> {
  const table = parquetFiles([target]);
  const features = views.flatMap(({ view }) =>
    activeFeatures(view).map(({ name }) => trainingColumn(view, name)),
  );
  const counts = features.map((name) => `count(${quoted(name)})::DOUBLE`);
  const reader = await connection.runAndReadAll(
    `SELECT ${["count(*)::DOUBLE", ...counts].join(", ")} FROM ${table}`,
  );
  const [rows = 0, ...present] = (reader.getRowsJS()[0] ?? []) as number[];
  return {
    rows,
    columns: await columnsOf(connection, table),
    coverage: Object.fromEntries(
      features.map((name, index) => [name, rows === 0 ? 0 : (present[index] ?? 0) / rows]),
    ),
  };
}
