import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { judgeFile, Outcome, RowCounts } from "../../../lambdas/data-validator/verdict";

const contract = (maximumBadRowShare?: number): DataContract => ({
  dataset: "d",
  version: "1",
  columns: [{ name: "x", type: ColumnType.String }],
  maximumBadRowShare,
});
const counts = (goodRows: number, badRows: number, duplicateRows = 0): RowCounts => ({
  totalRows: goodRows + badRows + duplicateRows,
  goodRows,
  badRows,
  duplicateRows,
});

describe("where the rows of a file go", () => {
  test.each([
    { good: 10, bad: 0, duplicates: 0, allowed: undefined, outcome: Outcome.Curated },
    { good: 10, bad: 0, duplicates: 0, allowed: 0.5, outcome: Outcome.Curated },
    { good: 999, bad: 1, duplicates: 0, allowed: undefined, outcome: Outcome.Quarantined },
    { good: 999, bad: 1, duplicates: 0, allowed: 0, outcome: Outcome.Quarantined },
    { good: 9, bad: 1, duplicates: 0, allowed: 0.1, outcome: Outcome.Split },
    { good: 89, bad: 11, duplicates: 0, allowed: 0.1, outcome: Outcome.Quarantined },
    { good: 0, bad: 5, duplicates: 0, allowed: 1, outcome: Outcome.Quarantined },
    { good: 0, bad: 0, duplicates: 5, allowed: 0, outcome: Outcome.Curated },
    { good: 0, bad: 1, duplicates: 9, allowed: 0.1, outcome: Outcome.Split },
  ])("$good good, $bad bad, $duplicates duplicate rows, $allowed allowed: $outcome", (row) => {
    const { good, bad, duplicates, allowed, outcome } = row;
    expect(judgeFile(counts(good, bad, duplicates), [], contract(allowed)).outcome).toBe(outcome);
  });

  test("a fault of the file outweighs good rows", () => {
    const verdict = judgeFile(counts(5, 0), ["broken"], contract(1));
    expect(verdict).toEqual({ outcome: Outcome.Quarantined, fileFaults: ["broken"] });
  });

  test("the reason gives the share and what is allowed", () => {
    expect(judgeFile(counts(997, 3), [], contract(0.001)).fileFaults).toEqual([
      "3 of 1000 rows are bad (0.3 %); the contract allows at most 0.1 %.",
    ]);
  });

  test("a row that went missing stops everything", () => {
    expect(() => judgeFile({ ...counts(5, 1), totalRows: 7 }, [], contract(1))).toThrow(
      "5 good, 1 bad and 0 duplicate rows do not make the 7 rows of the file.",
    );
  });
});
