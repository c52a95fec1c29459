import type { JsonSchema } from "./contract-from-schema";
import { ColumnContract, ColumnType, DataContract } from "./data-contract";

/**
 * The JSON Schema of one row of a contract, draft 2020-12 with no keyword that draft 07 reads otherwise. What JSON Schema
 * has no word for stands in keywords that begin with `x-`, so that `contractFromJsonSchema` gives the contract back.
 */
export function jsonSchemaOf(contract: DataContract): JsonSchema {
  const { dataset, version, columns, primaryKey, maximumBadRowShare, futureToleranceSeconds, anomalies } =
    contract;
  return withoutUndefined({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: dataset,
    type: "object",
    properties: Object.fromEntries(columns.map((column) => [column.name, propertyOf(column)])),
    required: columns.filter(({ nullable }) => nullable !== true).map(({ name }) => name),
    additionalProperties: false,
    "x-dataset": dataset,
    "x-version": version,
    "x-primary-key": primaryKey,
    "x-maximum-bad-row-share": maximumBadRowShare,
    "x-future-tolerance-seconds": futureToleranceSeconds,
    "x-anomalies": anomalies,
  });
}

function propertyOf(column: ColumnContract): JsonSchema {
  const isTimestamp = column.type === ColumnType.Timestamp;
  const type = isTimestamp ? "string" : column.type;
  const values = valuesOf(column);
  return withoutUndefined({
    type: column.nullable === true ? [type, "null"] : type,
    format: isTimestamp ? "date-time" : undefined,
    minimum: column.minimum,
    maximum: column.maximum,
    enum: values && (column.nullable === true ? [...values, null] : values),
    "x-personal": column.personal,
    "x-references": column.references,
    "x-maximum-null-share": column.maximumNullShare,
  });
}

function valuesOf({ type, allowed }: ColumnContract): (string | number)[] | undefined {
  return type === ColumnType.Integer || type === ColumnType.Number ? allowed?.map(Number) : allowed;
}

function withoutUndefined(value: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
