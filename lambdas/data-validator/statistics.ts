import { ColumnContract, ColumnType, DataContract } from "../../components/contracts/data-contract";
import { Engine, sqlName, sqlTexts } from "../shared/duckdb";

/** Counts over bins: a value on an edge belongs to the bin below it; there is one count more than edges. */
export interface BinCounts {
  edges: number[];
  counts: number[];
}

/** What the good rows of a delivery have in one column. */
export interface ColumnStatistics {
  name: string;
  type: ColumnType;
  /** Rows without a value. */
  nulls: number;
  /** Different values, about. */
  distinct: number;
  /** Numbers; timestamps as seconds since 1970. */
  minimum?: number;
  maximum?: number;
  mean?: number;
  /** Values below which 1, 5, 10, 20 … 90, 95 and 99 % lie; see {@link quantileShares}. */
  quantiles?: number[];
  histogram?: BinCounts;
  /** The most frequent values of a column with few different ones. */
  topValues?: { value: string; rows: number }[];
  /** Whether the column holds personal data, so that only counts are given. */
  personal: boolean;
}

/** Shares of {@link ColumnStatistics.quantiles}. */
export const quantileShares = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
/** Bins of a histogram. */
const binCount = 24;
/** Most frequent values that are listed. */
const topCount = 50;
/** A column with more different values is an identifier or free text: none is frequent. */
const mostDistinct = 10_000;
/** Columns that one query looks at, so that a wide file does not need memory for all at once. */
const columnsPerQuery = 40;

const numeric = new Set([ColumnType.Integer, ColumnType.Number, ColumnType.Timestamp]);

/** A column as a number; its name is quoted. */
export function numberSql({ name, type }: ColumnContract): string {
  const column = sqlName(name);
  return type === ColumnType.Timestamp ? `epoch(${column})` : `CAST(${column} AS DOUBLE)`;
}

/** Whether the distribution of a column is looked at as numbers. */
export function isNumeric({ type }: ColumnContract): boolean {
  return numeric.has(type);
}

/** Describes the columns of good rows. @param relation - the rows, as the query engine names them */
export async function describeColumns(
  engine: Engine,
  relation: string,
  contract: DataContract,
): Promise<ColumnStatistics[]> {
  const statistics: ColumnStatistics[] = [];
  for (let start = 0; start < contract.columns.length; start += columnsPerQuery) {
    const columns = contract.columns.slice(start, start + columnsPerQuery);
    statistics.push(...(await summaries(engine, relation, columns)));
  }
  const byName = new Map(contract.columns.map((column) => [column.name, column]));
  for (const entry of statistics) {
    const column = byName.get(entry.name);
    if (column === undefined || entry.personal || isNumeric(column)) continue;
    if (entry.distinct > mostDistinct) continue;
    entry.topValues = await topValues(engine, relation, entry.name);
    // All of them were counted.
    if (entry.topValues.length < topCount) entry.distinct = entry.topValues.length;
  }
  await addHistograms(engine, relation, contract, statistics);
  return statistics;
}

interface Summary {
  nulls: number;
  distinct: number;
  minimum: number | null;
  maximum: number | null;
  mean: number | null;
  quantiles: number[] | null;
}

async function summaries(
  engine: Engine,
  relation: string,
  columns: readonly ColumnContract[],
): Promise<ColumnStatistics[]> {
  const expressions = columns.map((column, i) => {
    const name = sqlName(column.name);
    const value = numberSql(column);
    const distribution =
      isNumeric(column) && !column.personal
        ? `'minimum': min(${value}), 'maximum': max(${value}), 'mean': avg(${value}),
           'quantiles': approx_quantile(${value}, [${quantileShares.join(", ")}])`
        : "'minimum': NULL, 'maximum': NULL, 'mean': NULL, 'quantiles': NULL";
    return `{'nulls': (count(*) - count(${name}))::DOUBLE, 'distinct': approx_count_distinct(${name})::DOUBLE,
      ${distribution}} AS c${i}`;
  });
  const [row = {}] = await engine.rows<Record<string, Summary>>(
    `SELECT ${expressions.join(", ")} FROM ${relation}`,
  );
  return columns.map(({ name, type, personal = false }, i) => {
    const {
      nulls = 0,
      distinct = 0,
      minimum,
      maximum,
      mean,
      quantiles,
    } = row[`c${i}`] ?? ({} as Partial<Summary>);
    return {
      name,
      type,
      nulls,
      distinct,
      personal,
      ...(Number.isFinite(minimum) ? { minimum: minimum as number } : {}),
      ...(Number.isFinite(maximum) ? { maximum: maximum as number } : {}),
      // The sum of very large numbers is infinite, which the engine gives as a text.
      ...(Number.isFinite(mean) ? { mean: mean as number } : {}),
      ...(quantiles?.every(Number.isFinite) === true ? { quantiles } : {}),
    };
  });
}

/** How often each value stands in a column. What is done with the texts of values is then done once for each. */
function valueCounts(relation: string, name: string): string {
  const column = sqlName(name);
  return `SELECT CAST(${column} AS VARCHAR) AS value, count(*) AS n FROM ${relation}
    WHERE ${column} IS NOT NULL GROUP BY ${column}`;
}

async function topValues(
  engine: Engine,
  relation: string,
  name: string,
): Promise<{ value: string; rows: number }[]> {
  return engine.rows(`SELECT value[1:200] AS value, sum(n)::DOUBLE AS rows FROM (${valueCounts(relation, name)})
    GROUP BY ALL ORDER BY rows DESC, value LIMIT ${topCount}`);
}

async function addHistograms(
  engine: Engine,
  relation: string,
  contract: DataContract,
  statistics: readonly ColumnStatistics[],
): Promise<void> {
  const edges = new Map(
    statistics.flatMap((entry): [string, number[]][] => {
      const between = plotEdges(entry);
      return between === undefined ? [] : [[entry.name, between]];
    }),
  );
  const counts = await countBins(engine, relation, contract, edges);
  for (const entry of statistics) {
    const found = counts.get(entry.name);
    if (found !== undefined) entry.histogram = { edges: edges.get(entry.name) ?? [], counts: found };
  }
}

/** Bins of one width between the 1st and the 99th percentile, so that one wild value does not make a plot of one bar. */
function plotEdges({ type, minimum, maximum, quantiles }: ColumnStatistics): number[] | undefined {
  if (minimum === undefined || maximum === undefined || quantiles === undefined) return undefined;
  const low = Math.max(minimum, quantiles[0] ?? minimum);
  const high = Math.min(maximum, quantiles.at(-1) ?? maximum);
  if (high <= low) return [low];
  // A bar for every integer: bins of another width would take one here and two there.
  if (type === ColumnType.Integer && high - low < binCount) {
    return Array.from({ length: Math.round(high - low) }, (_, i) => Math.round(low) + i);
  }
  const edges = Array.from({ length: binCount - 1 }, (_, i) => {
    const share = (i + 1) / binCount;
    // The difference of two very large numbers would be infinite, and so may the rounded sum of their shares.
    return Math.min(high, Math.max(low, low * (1 - share) + high * share));
  });
  return [...new Set(edges)];
}

/**
 * Counts the values of numeric columns over given bins.
 * @param edges - by column, ascending
 * @returns by column one count more than edges
 */
export async function countBins(
  engine: Engine,
  relation: string,
  contract: DataContract,
  edges: ReadonlyMap<string, readonly number[]>,
): Promise<Map<string, number[]>> {
  const result = new Map<string, number[]>();
  const wanted = contract.columns.filter(({ name }) => edges.has(name));
  for (let start = 0; start < wanted.length; start += columnsPerQuery) {
    const columns = wanted.slice(start, start + columnsPerQuery);
    const expressions = columns.map(
      (column, i) =>
        `histogram(${numberSql(column)}, [${(edges.get(column.name) ?? []).map((edge) => `${edge}::DOUBLE`).join(", ")}]) AS h${i}`,
    );
    const [row = {}] = await engine.rows<Record<string, { key: number | string; value: string }[] | null>>(
      `SELECT ${expressions.join(", ")} FROM ${relation}`,
    );
    columns.forEach(({ name }, i) => {
      const found = new Map((row[`h${i}`] ?? []).map(({ key, value }) => [Number(key), Number(value)]));
      const own = edges.get(name) ?? [];
      result.set(
        name,
        [...own, Infinity].map((edge) => found.get(edge) ?? 0),
      );
    });
  }
  return result;
}

/** Rows per category of a column, then rows with any other value. */
export async function countCategories(
  engine: Engine,
  relation: string,
  name: string,
  categories: readonly string[],
): Promise<number[]> {
  const rows = await engine.rows<{ value: string | null; rows: number }>(
    `SELECT CASE WHEN list_contains(${sqlTexts(categories)}, value) THEN value END AS value, sum(n)::DOUBLE AS rows
      FROM (${valueCounts(relation, name)}) GROUP BY 1`,
  );
  const found = new Map(rows.map(({ value, rows: count }) => [value, count]));
  return [...categories.map((category) => found.get(category) ?? 0), found.get(null) ?? 0];
}
