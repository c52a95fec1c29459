import * as fc from "fast-check";

import { Compatibility, compatibilityFaults } from "../../../components/contracts/contract-compatibility";
import { ColumnContract, ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { contractPairs, contracts } from "./contract-arbitrary";
import { rowsKeep, rowsOf } from "./reference-checker";

const { Backward, Forward, Full, None } = Compatibility;

describe("compatibility of contracts", () => {
  test("a contract is compatible with itself", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        expect(compatibilityFaults(contract, contract, Full)).toEqual([]);
      }),
    );
  });

  test("full is backward and forward, none is nothing", () => {
    fc.assert(
      fc.property(contractPairs, ([older, newer]) => {
        expect(compatibilityFaults(older, newer, Full)).toEqual([
          ...compatibilityFaults(older, newer, Backward),
          ...compatibilityFaults(older, newer, Forward),
        ]);
        expect(compatibilityFaults(older, newer, None)).toEqual([]);
      }),
    );
  });

  test("forward is backward the other way round", () => {
    fc.assert(
      fc.property(contractPairs, ([older, newer]) => {
        expect(compatibilityFaults(older, newer, Forward)).toHaveLength(
          compatibilityFaults(newer, older, Backward).length,
        );
      }),
    );
  });

  test.each([
    [Backward, "the newer", "the older"],
    [Forward, "the older", "the newer"],
  ])("%s without a fault: %s accepts every row of %s", (mode) => {
    fc.assert(
      fc.property(
        contractPairs
          .filter(([older, newer]) => compatibilityFaults(older, newer, mode).length === 0)
          .chain(([older, newer]) => {
            const [writer, reader] = mode === Backward ? [older, newer] : [newer, older];
            return fc.record({ reader: fc.constant(reader), rows: rowsOf(writer) });
          }),
        ({ reader, rows }) => {
          expect(rowsKeep(rows, reader)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  const contract = (...columns: ColumnContract[]): DataContract => ({ dataset: "d", version: "1", columns });
  const id: ColumnContract = { name: "id", type: ColumnType.String };
  const delay: ColumnContract = { name: "delay", type: ColumnType.Integer };
  const cases: [string, ColumnContract[], ColumnContract[], string[], string[]][] = [
    [
      "an added column that must have a value",
      [id],
      [id, delay],
      [
        "columns.delay: version 2 needs values in it, and rows of version 1 do not have the column; make it nullable, without maximumNullShare (not backward compatible).",
      ],
      [
        "columns.delay: version 1 does not have the column and refuses rows of version 2, which do (not forward compatible).",
      ],
    ],
    ["an added column that may be missing", [id], [id, { ...delay, nullable: true }], [], ["columns.delay"]],
    [
      "an added column with a largest share of missing values",
      [id],
      [id, { ...delay, nullable: true, maximumNullShare: 0.5 }],
      ["columns.delay"],
      ["columns.delay"],
    ],
    ["a removed column", [id, delay], [id], ["columns.delay: version 2 does not have"], ["columns.delay"]],
    ["a removed column that may be missing", [id, { ...delay, nullable: true }], [id], ["columns.delay"], []],
    [
      "another type",
      [delay],
      [{ ...delay, type: ColumnType.String }],
      ["columns.delay: the type is integer in version 1 and string in version 2"],
      ["columns.delay: the type is string in version 2 and integer in version 1"],
    ],
    ["integers that become numbers", [delay], [{ ...delay, type: ColumnType.Number }], [], ["columns.delay"]],
    [
      "values that may no longer be missing",
      [{ ...id, nullable: true }],
      [id],
      ["columns.id: a value may be missing in version 1 and not in version 2"],
      [],
    ],
    [
      "a narrower range",
      [{ ...delay, minimum: 0, maximum: 9 }],
      [{ ...delay, minimum: 1, maximum: 8 }],
      [
        "columns.delay: version 2 allows at least 1, version 1 down to 0",
        "columns.delay: version 2 allows at most 8, version 1 up to 9",
      ],
      [],
    ],
    ["a wider range", [{ ...delay, maximum: 9 }], [{ ...delay, maximum: 10 }], [], ["columns.delay"]],
    [
      "a new limit",
      [delay],
      [{ ...delay, maximum: 10 }],
      ["columns.delay: version 2 allows at most 10, version 1 any larger value"],
      [],
    ],
    [
      "allowed values that go",
      [{ ...id, allowed: ["a", "b"] }],
      [{ ...id, allowed: ["a"] }],
      ['columns.id: version 1 allows "b", version 2 does not'],
      [],
    ],
    [
      "a list of allowed values",
      [id],
      [{ ...id, allowed: ["a", "b", "c", "d", "e", "f"] }],
      ['columns.id: version 2 allows "a", "b", "c", "d", "e" and 1 more only, version 1 any value'],
      [],
    ],
    [
      "a reference",
      [id],
      [{ ...id, references: { dataset: "airports", column: "code" } }],
      ["columns.id: version 2 allows values of airports.code only, version 1 any value"],
      [],
    ],
    ["a mark for personal data", [id], [{ ...id, personal: true }], [], []],
  ];

  test.each(cases)("%s", (_what, older, newer, backward, forward) => {
    const check = (mode: Compatibility): string[] =>
      compatibilityFaults(contract(...older), { ...contract(...newer), version: "2" }, mode);
    expect(check(Backward)).toEqual(backward.map((text) => expect.stringContaining(text)));
    expect(check(Forward)).toEqual(forward.map((text) => expect.stringContaining(text)));
  });

  test("a key of more columns accepts rows that are unique by fewer, not the other way", () => {
    const keyed = (version: string, ...primaryKey: string[]): DataContract => ({
      ...contract(id, delay),
      version,
      primaryKey,
    });
    expect(compatibilityFaults(keyed("1", "id"), keyed("2", "id", "delay"), Backward)).toEqual([]);
    expect(compatibilityFaults(keyed("1", "id", "delay"), keyed("2", "id"), Backward)).toEqual([
      "primaryKey: rows are unique by id in version 2 and by id, delay in version 1 (not backward compatible).",
    ]);
  });

  test("contracts of two data sets are never compatible", () => {
    expect(compatibilityFaults(contract(id), { ...contract(id), dataset: "e" }, Backward)).toEqual([
      'dataset: version 1 is about "d", version 1 about "e".',
    ]);
  });
});
