import fc from "fast-check";

import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { valueFault } from "../../../lambdas/data-validator/check-value";
import { check, csvLine } from "./validating";

// Every case starts an engine of its own, and the machine may be busy.
jest.setTimeout(120_000);

const types = Object.values(ColumnType);
const rightAndWrong: Record<ColumnType, [right: string[], wrong: string[]]> = {
  [ColumnType.Integer]: [
    ["0", "-7", "+12", "007", "9223372036854775807"],
    ["1.0", "1e3", "a", "0x1", " 1", "1_000", "9223372036854775808", "١"],
  ],
  [ColumnType.Number]: [
    ["0", "-7.5", "1e-3", ".5", "5.", "+1E5"],
    ["Infinity", "1,5", "--1", " 1", "1 ", "1\t", "1_0", "inf", "nan", "1e", "."],
  ],
  [ColumnType.Boolean]: [
    ["true", "false"],
    ["True", "1", "yes", "TRUE"],
  ],
  [ColumnType.Timestamp]: [
    [
      "2026-01-31",
      "2026-01-31T12:00:00Z",
      "2026-01-31 12:00",
      "2026-01-31T12:00Z",
      "2026-01-31T12:00+02:00",
      "2026-01-31T12:00:00.123+02:00",
      "2026-01-31T12:00:00.123456789-0130",
      "2024-02-29",
    ],
    [
      "31.01.2026",
      "2026-02-31",
      "2026-02-29",
      "2026-13-01",
      "2026-01-31T25:00:00Z",
      "2026-01-31T24:00:00Z",
      "2026-01-31T12:00:60Z",
      "2026-1-31",
      "2026-01-31T12:00:00+99:00",
      "infinity",
      "epoch",
      "soon",
    ],
  ],
  [ColumnType.String]: [["anything", "1", " "], []],
};

describe.each(types)("values of the type %s", (type) => {
  const of: DataContract = {
    dataset: "d",
    version: "1",
    maximumBadRowShare: 1,
    columns: [
      { name: "n", type: ColumnType.Integer },
      { name: "x", type },
    ],
  };
  const judged = async (values: readonly string[]): Promise<{ good: number[]; bad: number[] }> => {
    const lines = values.map((value, i) => csvLine([String(i), value]));
    const { good, reasons } = await check(`n,x\n${lines.join("")}`, { ...of, futureToleranceSeconds: 1e12 });
    return { good: good.map(([n]) => Number(n)), bad: reasons.map(({ row }) => row - 1) };
  };

  test("are told from others", async () => {
    const [right, wrong] = rightAndWrong[type];
    const { good, bad } = await judged([...right, ...wrong]);
    expect(good).toEqual(right.map((_, i) => i));
    expect(bad).toEqual(wrong.map((_, i) => right.length + i));
  });

  test("are judged by the engine as the reasons say", async () => {
    const alphabet = fc.constantFrom(..."0123456789+-.eE_: TZ,\tinfa".split(""));
    const value = fc.oneof(
      fc.string({ unit: alphabet, minLength: 1, maxLength: 12 }),
      fc.double().map(String),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
      fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date("2099-01-01") })
        .map((date) => date.toISOString()),
      fc
        .tuple(
          fc.nat(9999),
          fc.nat(14),
          fc.nat(33),
          fc.constantFrom("", "T23:59", " 00:00:00", "T1:00", "T10:00:00.5+01"),
        )
        .map(
          ([y, m, d, t]) =>
            `${String(y).padStart(4, "0")}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}${t}`,
        ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 200 }), async (values) => {
        const context = { latest: Infinity };
        const faulty = values.map((text) => valueFault(text, { name: "x", type }, context) !== undefined);
        const { bad } = await judged(values);
        expect(bad).toEqual(faulty.flatMap((isFaulty, i) => (isFaulty ? [i] : [])));
      }),
      { numRuns: 15 },
    );
  });
});

test("curated types are those of the contract, and times are UTC", async () => {
  const of: DataContract = {
    dataset: "d",
    version: "1",
    columns: [
      ColumnType.String,
      ColumnType.Integer,
      ColumnType.Number,
      ColumnType.Boolean,
      ColumnType.Timestamp,
    ].map((type) => ({ name: type, type })),
  };
  const { good } = await check(
    "string,integer,number,boolean,timestamp\na,1,2,true,2026-01-31T12:00+02:00\n",
    of,
  );
  expect(good).toEqual([["a", "1", 2, true, "2026-01-31 10:00:00+00"]]);
});
