import * as fc from "fast-check";
import { z } from "zod";

import {
  contractFromJsonSchema,
  contractFromZod,
  JsonSchema,
} from "../../../components/contracts/contract-from-schema";
import { contractSchema } from "../../../components/contracts/contract-schema";
import { jsonSchemaOf } from "../../../components/contracts/contract-to-schema";
import { AnomalyAction, ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { contracts } from "./contract-arbitrary";

const identity = { dataset: "flights", version: "1" };

test("a contract as JSON Schema gives the same contract back", () => {
  fc.assert(
    fc.property(contracts, fc.boolean(), (contract, withPolicies) => {
      const given: DataContract = {
        ...contract,
        ...(withPolicies
          ? {
              maximumBadRowShare: 0.5,
              futureToleranceSeconds: 60,
              anomalies: { action: AnomalyAction.Stop, volumeFactor: 2 },
            }
          : {}),
      };
      const back = contractFromJsonSchema(JSON.parse(JSON.stringify(jsonSchemaOf(given))) as JsonSchema);
      const named = (columns: DataContract["columns"]) =>
        columns.map(({ nullable, ...column }) => ({ ...column, nullable: nullable ?? false }));
      expect({ ...back, columns: named(back.columns) }).toEqual({ ...given, columns: named(given.columns) });
    }),
  );
});

test("a JSON Schema of one row becomes a contract", () => {
  expect(
    contractFromJsonSchema(
      {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        title: "Flights",
        type: "object",
        properties: {
          flight_id: { type: "string", description: "Airline and number", "x-primary-key": true },
          departed_at: { type: "string", format: "date-time" },
          carrier: { enum: ["AA", "UA"], type: "string" },
          origin: { type: "string", "x-references": { dataset: "airports", column: "code" } },
          hour: { type: "integer", exclusiveMinimum: -1, exclusiveMaximum: 24 },
          passenger: { type: ["string", "null"], "x-personal": true },
          delay: { type: "number", minimum: -60, maximum: 2000, "x-maximum-null-share": 0.1 },
        },
        required: ["flight_id", "departed_at", "carrier", "origin", "hour", "passenger"],
        additionalProperties: false,
        "x-maximum-bad-row-share": 0.05,
      },
      identity,
    ),
  ).toEqual({
    ...identity,
    primaryKey: ["flight_id"],
    maximumBadRowShare: 0.05,
    columns: [
      { name: "flight_id", type: "string" },
      { name: "departed_at", type: "timestamp" },
      { name: "carrier", type: "string", allowed: ["AA", "UA"] },
      { name: "origin", type: "string", references: { dataset: "airports", column: "code" } },
      { name: "hour", type: "integer", minimum: 0, maximum: 23 },
      { name: "passenger", type: "string", nullable: true, personal: true },
      { name: "delay", type: "number", nullable: true, minimum: -60, maximum: 2000, maximumNullShare: 0.1 },
    ],
  });
});

test("a zod schema of one row becomes a contract", () => {
  const schema = z.strictObject({
    id: z.string().meta({ "x-primary-key": true }),
    at: z.iso.datetime(),
    origin: z.enum(["EWR", "JFK"]).nullable(),
    delay: z.number().min(-60).optional(),
    cancelled: z.boolean(),
  });
  expect(contractFromZod(schema, identity)).toEqual({
    ...identity,
    primaryKey: ["id"],
    columns: [
      { name: "id", type: ColumnType.String },
      { name: "at", type: ColumnType.Timestamp },
      { name: "origin", type: ColumnType.String, nullable: true, allowed: ["EWR", "JFK"] },
      { name: "delay", type: ColumnType.Number, nullable: true, minimum: -60 },
      { name: "cancelled", type: ColumnType.Boolean },
    ],
  });
});

const row = (properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  ...more,
});

test.each<[string, JsonSchema, RegExp]>([
  [
    "a list",
    { type: "array" },
    /type: "array" was given; a row is an "object"\.\nproperties: the columns are/,
  ],
  [
    "a length",
    row({ id: { type: "string", minLength: 3 } }),
    /properties\.id\.minLength: a contract cannot express this keyword/,
  ],
  ["a pattern", row({ id: { type: "string", pattern: "^a" } }), /properties\.id\.pattern: a contract cannot/],
  [
    "a nested object",
    row({ at: { type: "object" } }),
    /properties\.at\.type: "object" was given; a column has/,
  ],
  ["two types", row({ at: { type: ["string", "number"] } }), /properties\.at\.type: \["string","number"\]/],
  [
    "a union",
    row({ at: { anyOf: [{ type: "string" }, { type: "number" }] } }),
    /properties\.at\.anyOf: only a union of one type with null/,
  ],
  [
    "a format",
    row({ at: { type: "string", format: "email" } }),
    /properties\.at\.format: "email" was given; only "date-time"/,
  ],
  [
    "an exclusive limit of a number",
    row({ at: { type: "number", exclusiveMinimum: 0 } }),
    /properties\.at\.exclusiveMinimum: limits of contracts are inclusive; give minimum/,
  ],
  [
    "mixed values",
    row({ at: { type: "string", enum: ["a", 1] } }),
    /properties\.at\.enum: values of the column/,
  ],
  [
    "open rows",
    row({ id: { type: "string" } }, { additionalProperties: true }),
    /additionalProperties: only fals/,
  ],
  [
    "a missing property",
    row({ id: { type: "string" } }, { required: ["nr"] }),
    /required: "nr" is no property/,
  ],
  [
    "a keyword of schemas",
    row({ id: { type: "string" } }, { patternProperties: {} }),
    /^patternProperties: a con/m,
  ],
  [
    "a wrong contract",
    row({ id: { type: "string", minimum: 1 } }),
    /columns\.0\.type: minimum and maximum go with the types integer and number only/,
  ],
])("%s is refused with its path", (_what, schema, message) => {
  expect(() => contractFromJsonSchema(schema, identity)).toThrow(message);
});

test("all faults are told at once", () => {
  const schema = row({ a: { type: "string", minLength: 1 }, b: { type: "null" } });
  expect(() => contractFromJsonSchema(schema, identity)).toThrow(
    /properties\.a\.minLength[^]*properties\.b\.type/,
  );
});

describe("the schema of contracts", () => {
  const contract = (column: object, more: object = {}): object => ({
    ...identity,
    columns: [{ name: "id", type: "string", ...column }],
    ...more,
  });

  test("takes every generated contract", () => {
    fc.assert(
      fc.property(contracts, (candidate) => {
        expect(contractSchema.parse(candidate)).toEqual(candidate);
      }),
    );
  });

  test.each<[string, object, string, RegExp]>([
    ["an unknown field", contract({ nulable: true }), "columns.0", /nulable/],
    ["a data set with a slash", contract({}, { dataset: "a/b" }), "dataset", /lower-case letters/],
    [
      "a folder of the library",
      contract({}, { dataset: "reports" }),
      "dataset",
      /kept for the library itself/,
    ],
    ["a version that is no key", contract({}, { version: "1/2" }), "version", /part of object keys/],
    [
      "a turned range",
      contract({ type: "number", minimum: 2, maximum: 1 }),
      "columns.0.minimum",
      /larger than/,
    ],
    ["a range of texts", contract({ maximum: 1 }), "columns.0.type", /integer and number only/],
    [
      "a null share without nulls",
      contract({ maximumNullShare: 0.5 }),
      "columns.0.maximumNullShare",
      /nullable/,
    ],
    ["a value twice", contract({ allowed: ["a", "a"] }), "columns.0.allowed.1", /"a" is named twice/],
    [
      "a text for a number",
      contract({ type: "integer", allowed: ["x"] }),
      "columns.0.allowed.0",
      /is no integer/,
    ],
    [
      "a column twice",
      {
        ...identity,
        columns: [
          { name: "a", type: "string" },
          { name: "a", type: "string" },
        ],
      },
      "columns.1.name",
      /used twice/,
    ],
    ["an unknown key", contract({}, { primaryKey: ["nr"] }), "primaryKey.0", /"nr" is not a column/],
    ["a key twice", contract({}, { primaryKey: ["id", "id"] }), "primaryKey.1", /"id" is named twice/],
    [
      "a key that may be missing",
      contract({ nullable: true }, { primaryKey: ["id"] }),
      "primaryKey.0",
      /nullable/,
    ],
    [
      "a factor below one",
      contract({}, { anomalies: { volumeFactor: 0.5 } }),
      "anomalies.volumeFactor",
      />1/,
    ],
    [
      "a history never reached",
      contract({}, { anomalies: { minimumHistory: 21 } }),
      "anomalies.minimumHistory",
      /20/,
    ],
  ])("refuses %s", (_what, candidate, path, message) => {
    const [issue] = contractSchema.safeParse(candidate).error?.issues ?? [];
    expect(issue?.path.join(".")).toBe(path);
    expect(issue?.message).toMatch(message);
  });
});
