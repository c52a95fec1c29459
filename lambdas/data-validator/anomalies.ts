import { AnomalyAction, AnomalyChecks, DataContract } from "../../components/contracts/data-contract";
import { populationStabilityIndex } from "../shared/population-stability-index";
import type { DeliverySummary, ProfileBins, StoredProfile } from "./stored-profile";

/** What a delivery is unlike earlier ones in. */
export enum AnomalyKind {
  Volume = "volume",
  NullShare = "null-share",
  Distribution = "distribution",
}

/** One way in which a delivery is unlike those before it. */
export interface Anomaly {
  kind: AnomalyKind;
  /** Column; none for the volume. */
  column?: string;
  /** What was measured. */
  value: number;
  /** The limit that it is beyond. */
  limit: number;
  /** A sentence for people. */
  message: string;
}

/** Limits of a contract that names none. */
export const anomalyDefaults: Required<AnomalyChecks> = {
  action: AnomalyAction.Warn,
  minimumHistory: 5,
  volumeFactor: 3,
  nullShareIncrease: 0.1,
  distributionThreshold: 0.25,
};

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
const rounded = (value: number): number => Number(value.toPrecision(3));

/**
 * Compares a delivery with the profile of earlier ones.
 * @returns none when the contract does not ask for it, or the profile does not hold enough deliveries yet
 */
export function findAnomalies(
  delivery: DeliverySummary,
  profile: StoredProfile | undefined,
  bins: Readonly<Record<string, ProfileBins>>,
  contract: DataContract,
): Anomaly[] {
  if (contract.anomalies === undefined || profile === undefined) return [];
  const limits = { ...anomalyDefaults, ...contract.anomalies };
  const earlier = profile.deliveries.filter(({ id }) => id !== delivery.id);
  if (earlier.length < limits.minimumHistory || earlier.length === 0) return [];
  const names = contract.columns.map(({ name }) => name);
  return [
    ...volumeAnomaly(delivery, earlier, limits),
    ...names.flatMap((name) => nullAnomaly(name, delivery, earlier, limits)),
    ...names.flatMap((name) => (bins[name] ? shiftAnomaly(name, delivery, earlier, limits) : [])),
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function volumeAnomaly(
  { rows }: DeliverySummary,
  earlier: readonly DeliverySummary[],
  { volumeFactor }: Required<AnomalyChecks>,
): Anomaly[] {
  const mean = sum(earlier.map((delivery) => delivery.rows)) / earlier.length;
  const ratio = rows >= mean ? rows / Math.max(mean, 1) : mean / Math.max(rows, 1);
  if (ratio <= volumeFactor) return [];
  const message = `The delivery has ${rows} good rows; the ${earlier.length} before it had ${Math.round(mean)} on average, and a factor of ${volumeFactor} is allowed.`;
  return [{ kind: AnomalyKind.Volume, value: rounded(ratio), limit: volumeFactor, message }];
}

function nullAnomaly(
  name: string,
  { rows, columns }: DeliverySummary,
  earlier: readonly DeliverySummary[],
  { nullShareIncrease }: Required<AnomalyChecks>,
): Anomaly[] {
  // A column that a newer contract added has no history.
  const known = earlier.filter((delivery) => delivery.columns[name] !== undefined && delivery.rows > 0);
  const now = columns[name];
  if (known.length === 0 || now === undefined || rows === 0) return [];
  const before =
    sum(known.map((delivery) => delivery.columns[name]?.missing ?? 0)) / sum(known.map((d) => d.rows));
  const share = now.missing / rows;
  if (share - before <= nullShareIncrease) return [];
  const message = `${percent(share)} of ${name} is missing; it was ${percent(before)} before, and a rise of ${percent(nullShareIncrease)} is allowed.`;
  return [
    {
      kind: AnomalyKind.NullShare,
      column: name,
      value: rounded(share - before),
      limit: nullShareIncrease,
      message,
    },
  ];
}

function shiftAnomaly(
  name: string,
  { columns }: DeliverySummary,
  earlier: readonly DeliverySummary[],
  { distributionThreshold }: Required<AnomalyChecks>,
): Anomaly[] {
  const actual = columns[name]?.counts ?? [];
  const histories = earlier
    .map((delivery) => delivery.columns[name]?.counts)
    .filter((counts) => counts !== undefined && counts.length === actual.length);
  const expected = actual.map((_, bin) => sum(histories.map((counts) => counts?.[bin] ?? 0)));
  if (sum(actual) === 0 || sum(expected) === 0) return [];
  // Half a row more in every bin: an empty one in a small delivery says little, and would outweigh all others.
  const smoothed = (counts: readonly number[]): number[] => counts.map((count) => count + 0.5);
  const index = populationStabilityIndex(smoothed(expected), smoothed(actual));
  const limit = distributionThreshold + scatter(expected, actual);
  if (index <= limit) return [];
  const message = `The values of ${name} are distributed unlike before: the population stability index is ${rounded(index)}, and ${rounded(limit)} is allowed.`;
  return [
    { kind: AnomalyKind.Distribution, column: name, value: rounded(index), limit: rounded(limit), message },
  ];
}

/** Twice what the index of two samples of one population is on average: a delivery of ten rows is not alarming by itself. */
function scatter(expected: readonly number[], actual: readonly number[]): number {
  return 2 * (actual.length - 1) * (1 / sum(expected) + 1 / sum(actual));
}
