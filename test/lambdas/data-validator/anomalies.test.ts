import fc from "fast-check";

import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { AnomalyKind, findAnomalies } from "../../../lambdas/data-validator/anomalies";
import {
  DeliverySummary,
  mostDeliveries,
  ProfileBins,
  StoredProfile,
  withDelivery,
} from "../../../lambdas/data-validator/stored-profile";

const contract: DataContract = {
  dataset: "d",
  version: "1",
  columns: [
    { name: "x", type: ColumnType.Number, nullable: true },
    { name: "y", type: ColumnType.String, nullable: true },
  ],
  anomalies: { minimumHistory: 3 },
};
const bins: Record<string, ProfileBins> = { x: { kind: "numeric", edges: [1, 2, 3] } };

const delivery = (id: string, rows: number, counts = [1, 1, 1, 1], missing = 0): DeliverySummary => ({
  id,
  at: "2026-01-01T00:00:00Z",
  rows,
  columns: { x: { missing, counts: counts.map((count) => count * (rows / 4)) }, y: { missing: 0 } },
});
const profileOf = (...deliveries: DeliverySummary[]): StoredProfile =>
  deliveries.reduce<StoredProfile | undefined>(
    (profile, one) => withDelivery(profile, contract, bins, one),
    undefined,
  ) as StoredProfile;
const history = profileOf(delivery("a", 1000), delivery("b", 1200), delivery("c", 800));
const kinds = (
  one: DeliverySummary,
  of = contract,
  profile: StoredProfile | undefined = history,
): AnomalyKind[] => findAnomalies(one, profile, bins, of).map(({ kind }) => kind);

test.each([
  ["the same again", delivery("n", 1000), []],
  ["three times the rows", delivery("n", 3000), []],
  ["more than three times the rows", delivery("n", 3004), [AnomalyKind.Volume]],
  ["less than a third of the rows", delivery("n", 332), [AnomalyKind.Volume]],
  ["no row", delivery("n", 0), [AnomalyKind.Volume]],
  ["a tenth more missing", delivery("n", 1000, [1, 1, 1, 1], 100), []],
  ["more than a tenth more missing", delivery("n", 1000, [1, 1, 1, 1], 101), [AnomalyKind.NullShare]],
  ["another distribution", delivery("n", 1000, [3, 1, 0, 0]), [AnomalyKind.Distribution]],
  ["a slightly other distribution", delivery("n", 1000, [1.1, 1, 1, 0.9]), []],
])("%s", (_title, one, expected) => {
  expect(kinds(one)).toEqual(expected);
});

test("nothing is compared before there is enough history, or when no one asked for it", () => {
  const strange = delivery("n", 100_000, [4, 0, 0, 0]);
  expect(kinds(strange, contract, profileOf(delivery("a", 1000), delivery("b", 1000)))).toEqual([]);
  expect(kinds(strange, { ...contract, anomalies: undefined })).toEqual([]);
  // The delivery itself is no history of its own.
  expect(kinds({ ...strange, id: "c" })).toEqual([]);
});

test("a small sample of the same population is no anomaly", () => {
  expect(
    kinds(delivery("n", 12, [5 / 3, 1, 4 / 3, 0]), {
      ...contract,
      anomalies: { minimumHistory: 3, volumeFactor: 1000 },
    }),
  ).toEqual([]);
});

test("the sentences name column, value and limit", () => {
  const [anomaly] = findAnomalies(delivery("n", 1000, [1, 1, 1, 1], 500), history, bins, contract);
  expect(anomaly?.message).toBe("50 % of x is missing; it was 0 % before, and a rise of 10 % is allowed.");
});

test("a profile holds the last deliveries, each once, whatever the order they come again in", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30).map(String), { minLength: 1, maxLength: 80 }), (ids) => {
      const profile = profileOf(...ids.map((id) => delivery(id, 1000)));
      const kept = profile.deliveries.map(({ id }) => id);
      expect(new Set(kept).size).toBe(kept.length);
      expect(kept.length).toBeLessThanOrEqual(mostDeliveries);
      expect(kept).toContain(ids.at(-1));
      expect(withDelivery(profile, contract, bins, delivery(ids.at(-1) ?? "", 1000))).toEqual(profile);
    }),
  );
});
