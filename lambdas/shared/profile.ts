import type { PredictionRecord } from "../../components/contracts/prediction-record";

/** Value of a feature as a prediction record holds it. */
export type FeatureValue = PredictionRecord["features"][string] | undefined;

/** Distribution of a numeric feature. */
export interface NumericProfile {
  kind: "numeric";
  /** Upper ends of all bins but the last, ascending; a value on an end belongs to the bin below it. */
  edges: number[];
  /** Values per bin; one more than `edges`. */
  counts: number[];
  /** Rows without a number. */
  missing: number;
}

/** Distribution of a categorical feature. */
export interface CategoricalProfile {
  kind: "categorical";
  /** The most frequent categories, sorted. */
  categories: string[];
  /** Rows per category. */
  counts: number[];
  /** Rows with any other category. */
  other: number;
  /** Rows without a value. */
  missing: number;
}

export type FeatureProfile = NumericProfile | CategoricalProfile;

/** What the training data of a model looked like: the baseline that drift is measured against. */
export interface BaselineProfile {
  /** Rows that the profile was made from. */
  rows: number;
  features: Record<string, FeatureProfile>;
}

/** Numeric features are cut at the deciles of the training data. */
const binCount = 10;
/** Further categories are counted together, so that an identifier among the features cannot grow without bound. */
const categoryLimit = 50;

/** Counts the values of one feature into the bins of its baseline. */
export interface Histogram {
  add(value: FeatureValue): void;
  /** One count per bin, then rows of other categories (categorical only), then rows without a value. */
  counts(): number[];
}

/** Builds the baseline of rows of features. A feature whose values are all numbers is numeric, any other categorical. */
export function buildProfile(rows: readonly Record<string, FeatureValue>[]): BaselineProfile {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].sort();
  const features = names.map((name): [string, FeatureProfile] => {
    const values = rows.map((row) => row[name]);
    const known = values.filter((value) => !isMissing(value));
    const numeric = known.length > 0 && known.every((value) => typeof value === "number");
    return [name, numeric ? numericProfile(values) : categoricalProfile(values)];
  });
  return { rows: rows.length, features: Object.fromEntries(features) };
}

/** Counts of a profile in the order of {@link Histogram.counts}. */
export function profileCounts(profile: FeatureProfile): number[] {
  return profile.kind === "numeric"
    ? [...profile.counts, profile.missing]
    : [...profile.counts, profile.other, profile.missing];
}

/** An empty histogram over the bins of a profile. */
export function histogramOf(profile: FeatureProfile): Histogram {
  const counts = profileCounts(profile).map(() => 0);
  const missingBin = counts.length - 1;
  const binOf = profile.kind === "numeric" ? numericBins(profile.edges) : categoricalBins(profile.categories);
  return {
    add: (value) => {
      const bin = isMissing(value) ? missingBin : (binOf(value) ?? missingBin);
      counts[bin] = (counts[bin] ?? 0) + 1;
    },
    counts: () => [...counts],
  };
}

/** Labels of the bins of a profile, for people. */
export function binLabels(profile: FeatureProfile): string[] {
  if (profile.kind === "categorical") return [...profile.categories, "other", "missing"];
  const { edges } = profile;
  const labels = edges.map((edge, i) => (i === 0 ? `≤ ${edge}` : `${edges[i - 1]} – ${edge}`));
  return [...labels, `> ${edges.at(-1)}`, "missing"];
}

function isMissing(value: FeatureValue): value is null | undefined {
  return value === null || value === undefined || (typeof value === "number" && !Number.isFinite(value));
}

function numericBins(edges: readonly number[]): (value: FeatureValue) => number | undefined {
  return (value) => {
    if (typeof value !== "number") return undefined;
    const bin = edges.findIndex((edge) => value <= edge);
    return bin === -1 ? edges.length : bin;
  };
}

function categoricalBins(categories: readonly string[]): (value: FeatureValue) => number {
  const positions = new Map(categories.map((category, i) => [category, i]));
  return (value) => positions.get(String(value)) ?? categories.length;
}

function numericProfile(values: readonly FeatureValue[]): NumericProfile {
  const numbers = values.filter(
    (value): value is number => typeof value === "number" && Number.isFinite(value),
  );
  const profile: NumericProfile = { kind: "numeric", edges: quantileEdges(numbers), counts: [], missing: 0 };
  const histogram = histogramOf({ ...profile, counts: [0, ...profile.edges.map(() => 0)] });
  values.forEach((value) => histogram.add(value));
  const counts = histogram.counts();
  return { ...profile, counts: counts.slice(0, -1), missing: counts.at(-1) ?? 0 };
}

/** Deciles, each once: a value that fills several deciles makes one wide bin. */
function quantileEdges(numbers: readonly number[]): number[] {
  const sorted = [...numbers].sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  // Bins below, at and above the only value: with the usual cut a fall would go unseen.
  if (first === last) return [first - Math.max(Math.abs(first), 1) * 1e-9, first];
  const deciles = Array.from({ length: binCount - 1 }, (_, i) => {
    const position = Math.ceil(((i + 1) / binCount) * sorted.length) - 1;
    return sorted[Math.max(0, position)] ?? first;
  });
  // The largest value as an edge would leave a last bin that training never filled.
  const edges = [...new Set(deciles)].filter((edge) => edge < last);
  return edges.length > 0 ? edges : [first];
}

function categoricalProfile(values: readonly FeatureValue[]): CategoricalProfile {
  const frequencies = new Map<string, number>();
  let missing = 0;
  for (const value of values) {
    if (isMissing(value)) missing++;
    else frequencies.set(String(value), (frequencies.get(String(value)) ?? 0) + 1);
  }
  const kept = [...frequencies]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, categoryLimit)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const keptRows = kept.reduce((sum, [, count]) => sum + count, 0);
  return {
    kind: "categorical",
    categories: kept.map(([category]) => category),
    counts: kept.map(([, count]) => count),
    other: values.length - missing - keptRows,
    missing,
  };
}
