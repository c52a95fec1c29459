import { ColumnContract, ColumnType, DataContract } from "../contracts/data-contract";

/** Seconds that a timestamp may lie in the future when the contract does not say. */
const defaultFutureToleranceSeconds = 300;

/** Data types as DQDL names them; a string may hold anything. */
const dataTypes: Partial<Record<ColumnType, string>> = {
  [ColumnType.Integer]: "LONG",
  [ColumnType.Number]: "DOUBLE",
  [ColumnType.Boolean]: "BOOLEAN",
  [ColumnType.Timestamp]: "TIMESTAMP",
};

/** The name that rules use for the table of a referenced data set. */
export function tableAlias(dataset: string): string {
  return dataset.replaceAll("-", "_");
}

/** Why a contract cannot be written as rules; undefined when it can. */
export function rulesFault({ columns }: DataContract): string | undefined {
  const texts = columns.flatMap(({ name, allowed = [], references }) => [
    name,
    ...allowed,
    ...(references ? [references.column] : []),
  ]);
  // DQDL has no way to write a quote within a text.
  const wrong = texts.find((text) => /["\\`]/.test(text));
  return wrong === undefined
    ? undefined
    : `${JSON.stringify(wrong)} was given; a rule of Glue cannot hold quotes and backslashes`;
}

/**
 * Writes a contract as a ruleset in DQDL, the language of Glue's data quality. Every rule holds for all rows of the
 * table: `maximumBadRowShare` and `anomalies` are about single deliveries and have no counterpart.
 */
export function dataQualityRules(contract: DataContract): string {
  const { columns, primaryKey } = contract;
  const rules = [
    "RowCount > 0",
    `ColumnCount = ${columns.length}`,
    ...(primaryKey === undefined ? [] : [`IsPrimaryKey ${primaryKey.map(quoted).join(" ")}`]),
    ...columns.flatMap((column) => columnRules(column, contract)),
  ];
  return `Rules = [\n${rules.map((rule) => `    ${rule}`).join(",\n")}\n]`;
}

function columnRules(column: ColumnContract, contract: DataContract): string[] {
  const { name, type, nullable, minimum, maximum, allowed, maximumNullShare, references } = column;
  const dataType = dataTypes[type];
  // Rows without a value are the business of the rules on completeness alone.
  const present = nullable === true ? ` where "\`${name}\` is not null"` : "";
  const values = type === ColumnType.Integer || type === ColumnType.Number ? allowed : allowed?.map(quoted);
  return [
    `ColumnExists ${quoted(name)}`,
    ...(nullable === true ? [] : [`IsComplete ${quoted(name)}`]),
    ...(maximumNullShare === undefined
      ? []
      : [`Completeness ${quoted(name)} >= ${rounded(1 - maximumNullShare)}`]),
    // A missing value has no type, and this rule cannot leave rows out.
    ...(dataType === undefined || nullable === true
      ? []
      : [`ColumnDataType ${quoted(name)} = ${quoted(dataType)}`]),
    ...(minimum === undefined ? [] : [`ColumnValues ${quoted(name)} >= ${minimum}${present}`]),
    ...(maximum === undefined ? [] : [`ColumnValues ${quoted(name)} <= ${maximum}${present}`]),
    ...(values === undefined ? [] : [`ColumnValues ${quoted(name)} in [${values.join(", ")}]${present}`]),
    ...(type === ColumnType.Timestamp ? [notInFuture(name, contract)] : []),
    ...(references === undefined
      ? []
      : [
          `ReferentialIntegrity ${quoted(name)} ${quoted(`${tableAlias(references.dataset)}.${references.column}`)} = 1.0`,
        ]),
  ];
}

function notInFuture(name: string, { futureToleranceSeconds }: DataContract): string {
  const seconds = futureToleranceSeconds ?? defaultFutureToleranceSeconds;
  const limit = `current_timestamp() + make_dt_interval(0, 0, 0, ${seconds})`;
  return `CustomSql "select count(*) from primary where \`${name}\` > ${limit}" = 0`;
}

function quoted(text: string): string {
  return `"${text}"`;
}

/** Without the last digits that binary fractions add: 1 - 0.9 is 0.1. */
function rounded(share: number): number {
  return Number(share.toFixed(9));
}
