import type { ColumnContract, DataContract } from "../../components/contracts/data-contract";
import type { Engine } from "../shared/duckdb";
import { ColumnStatistics, countBins, countCategories, isNumeric } from "./statistics";

/** How the values of a column are counted; fixed by the first delivery, so that later ones can be compared. */
export type ProfileBins =
  { kind: "numeric"; edges: number[] } | { kind: "categorical"; categories: string[] };

/** One accepted delivery. */
export interface DeliverySummary {
  /** Id of the delivery: a second run on the same one replaces its summary. */
  id: string;
  /** ISO 8601. */
  at: string;
  /** Good rows. */
  rows: number;
  columns: Record<string, { missing: number; counts?: number[] }>;
}

/** What the last deliveries of a data set looked like. */
export interface StoredProfile {
  profileVersion: 1;
  dataset: string;
  contractVersion: string;
  bins: Record<string, ProfileBins>;
  /** The oldest first; at most {@link mostDeliveries}. */
  deliveries: DeliverySummary[];
}

/** Deliveries that a profile remembers. */
export const mostDeliveries = 20;
/** Categories that are told apart. */
const mostCategories = 30;

/** Deciles among the quantiles of statistics: 10 % to 90 %. */
const decilePositions = [2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Bins for every column of which the distribution is compared; those of the profile where it has them. */
export function binsFor(
  contract: DataContract,
  statistics: readonly ColumnStatistics[],
  profile?: StoredProfile,
): Record<string, ProfileBins> {
  const entries = contract.columns.flatMap((column): [string, ProfileBins][] => {
    // The values of a key are others in every delivery.
    if (column.personal || contract.primaryKey?.includes(column.name)) return [];
    const known = profile?.bins[column.name];
    const fits = known !== undefined && (known.kind === "numeric") === isNumeric(column);
    const bins = fits ? known : newBins(column, statistics);
    return bins === undefined ? [] : [[column.name, bins]];
  });
  return Object.fromEntries(entries);
}

function newBins(column: ColumnContract, statistics: readonly ColumnStatistics[]): ProfileBins | undefined {
  const entry = statistics.find(({ name }) => name === column.name);
  if (entry?.quantiles !== undefined) {
    const { quantiles, minimum = 0, maximum = 0 } = entry;
    // Bins below, at and above the only value: otherwise a change of it would go unseen.
    if (minimum === maximum) {
      return { kind: "numeric", edges: [minimum - Math.max(Math.abs(minimum), 1) * 1e-9, minimum] };
    }
    const deciles = decilePositions.map((position) => quantiles[position] ?? maximum);
    const edges = [...new Set(deciles)].filter((edge) => edge < maximum).sort((a, b) => a - b);
    return { kind: "numeric", edges: edges.length > 0 ? edges : [minimum] };
  }
  // Free text and identifiers have no distribution that could shift.
  if (entry?.topValues === undefined || (entry.topValues[1]?.rows ?? 2) < 2) return undefined;
  const categories = entry.topValues.slice(0, mostCategories).map(({ value }) => value);
  return { kind: "categorical", categories: categories.sort() };
}

/** Summarises a delivery over given bins. */
export async function summarise(
  engine: Engine,
  relation: string,
  contract: DataContract,
  statistics: readonly ColumnStatistics[],
  bins: Readonly<Record<string, ProfileBins>>,
  delivery: { id: string; at: string; rows: number },
): Promise<DeliverySummary> {
  const edges = new Map(
    Object.entries(bins).flatMap(([name, bin]): [string, number[]][] =>
      bin.kind === "numeric" ? [[name, bin.edges]] : [],
    ),
  );
  const counts = await countBins(engine, relation, contract, edges);
  for (const [name, bin] of Object.entries(bins)) {
    if (bin.kind === "categorical") {
      counts.set(name, await countCategories(engine, relation, name, bin.categories));
    }
  }
  const columns = statistics.map(({ name, nulls }): [string, DeliverySummary["columns"][string]] => [
    name,
    { missing: nulls, ...(counts.has(name) ? { counts: counts.get(name) } : {}) },
  ]);
  return { ...delivery, columns: Object.fromEntries(columns) };
}

/** A profile with one delivery more. The same delivery again changes nothing but its own summary. */
export function withDelivery(
  profile: StoredProfile | undefined,
  contract: DataContract,
  bins: Readonly<Record<string, ProfileBins>>,
  delivery: DeliverySummary,
): StoredProfile {
  const others = profile?.deliveries ?? [];
  const at = others.findIndex(({ id }) => id === delivery.id);
  const deliveries = at === -1 ? [...others, delivery] : others.with(at, delivery);
  return {
    profileVersion: 1,
    dataset: contract.dataset,
    contractVersion: contract.version,
    // Columns of an older contract keep theirs: they may come back.
    bins: { ...profile?.bins, ...bins },
    deliveries: deliveries.slice(-mostDeliveries),
  };
}
