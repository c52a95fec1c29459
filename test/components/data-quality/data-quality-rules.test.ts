import * as fc from "fast-check";

import { AnomalyAction, ColumnContract, ColumnType } from "../../../components/contracts/data-contract";
import { dataQualityRules, rulesFault } from "../../../components/data-quality/data-quality-rules";
import { contracts } from "../contracts/contract-arbitrary";
import { richContract } from "../quality-samples";

const rulesOf = (column: Partial<ColumnContract>, more: object = {}): string[] =>
  dataQualityRules({
    dataset: "d",
    version: "1",
    columns: [{ name: "c", type: ColumnType.String, ...column }],
    ...more,
  })
    .split("\n")
    .slice(1, -1)
    .map((line) => line.trim().replace(/,$/, ""));

describe("rules of Glue data quality", () => {
  const cases: [string, Partial<ColumnContract>, string[]][] = [
    ["a text", {}, ['IsComplete "c"']],
    ["a text that may be missing", { nullable: true }, []],
    ["whole numbers", { type: ColumnType.Integer }, ['IsComplete "c"', 'ColumnDataType "c" = "LONG"']],
    ["numbers", { type: ColumnType.Number }, ['IsComplete "c"', 'ColumnDataType "c" = "DOUBLE"']],
    ["yes or no", { type: ColumnType.Boolean }, ['IsComplete "c"', 'ColumnDataType "c" = "BOOLEAN"']],
    [
      "points in time",
      { type: ColumnType.Timestamp },
      [
        'IsComplete "c"',
        'ColumnDataType "c" = "TIMESTAMP"',
        'CustomSql "select count(*) from primary where `c` > current_timestamp() + make_dt_interval(0, 0, 0, 300)" = 0',
      ],
    ],
    [
      "a range, with its limits",
      { type: ColumnType.Integer, minimum: 0, maximum: 23 },
      ['IsComplete "c"', 'ColumnDataType "c" = "LONG"', 'ColumnValues "c" >= 0', 'ColumnValues "c" <= 23'],
    ],
    [
      "a range of values that may be missing",
      { type: ColumnType.Number, nullable: true, maximum: 0.5, maximumNullShare: 0.9 },
      ['Completeness "c" >= 0.1', 'ColumnValues "c" <= 0.5 where "`c` is not null"'],
    ],
    ["a list of texts", { allowed: ["a", "b"] }, ['IsComplete "c"', 'ColumnValues "c" in ["a", "b"]']],
    [
      "a list of numbers",
      { type: ColumnType.Integer, nullable: true, allowed: ["1", "2"] },
      ['ColumnValues "c" in [1, 2] where "`c` is not null"'],
    ],
    [
      "a reference",
      { nullable: true, references: { dataset: "us-airports", column: "code" } },
      ['ReferentialIntegrity "c" "us_airports.code" = 1.0'],
    ],
  ];

  test.each(cases)("%s", (_what, column, rules) => {
    expect(rulesOf(column)).toEqual(["RowCount > 0", "ColumnCount = 1", 'ColumnExists "c"', ...rules]);
  });

  test("a key, and the contract's own tolerance for clocks", () => {
    const rules = rulesOf(
      { type: ColumnType.Timestamp },
      { primaryKey: ["c"], futureToleranceSeconds: 60, anomalies: { action: AnomalyAction.Stop } },
    );
    expect(rules).toContain('IsPrimaryKey "c"');
    expect(rules.at(-1)).toContain("make_dt_interval(0, 0, 0, 60)");
    expect(dataQualityRules(richContract)).toContain('IsPrimaryKey "flight_id" "scheduled_at"');
  });

  test("every contract gives one rule a line, with quotes in pairs", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        const lines = dataQualityRules(contract).split("\n");
        expect([lines[0], lines.at(-1)]).toEqual(["Rules = [", "]"]);
        const rules = lines.slice(1, -1);
        expect(rules.slice(0, -1).every((rule) => rule.endsWith(","))).toBe(true);
        expect(rules.at(-1)).not.toMatch(/,$/);
        for (const rule of rules) expect((rule.match(/"/g) ?? []).length % 2).toBe(0);
      }),
    );
  });

  test.each([
    ["a column", { name: 'say "hi"' }],
    ["a value", { allowed: ["a\\b"] }],
    ["a referenced column", { references: { dataset: "d", column: "`" } }],
  ])("%s with quotes is refused", (_what, column) => {
    const contract = { ...richContract, columns: [{ name: "c", type: ColumnType.String, ...column }] };
    expect(rulesFault(contract)).toMatch(/a rule of Glue cannot hold quotes and backslashes/);
    expect(rulesFault(richContract)).toBeUndefined();
  });
});
