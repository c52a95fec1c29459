import * as fc from "fast-check";

import { ColumnContract, ColumnType, DataContract } from "../../../components/contracts/data-contract";

const names = ["id", "origin", "delay", "late", "at"];
const words = ["a", "b", "c", "d"];

const common = {
  nullable: fc.option(fc.boolean(), { nil: undefined }),
  references: fc.option(
    fc.constantFrom({ dataset: "airports", column: "code" }, { dataset: "cities", column: "code" }),
    { nil: undefined, freq: 6 },
  ),
};

const numbers = (name: string, type: ColumnType): fc.Arbitrary<ColumnContract> =>
  fc
    .record({
      limits: fc.option(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })), {
        nil: undefined,
      }),
      sides: fc.constantFrom("both", "minimum", "maximum"),
      allowed: fc.option(fc.uniqueArray(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 4 }), {
        nil: undefined,
        freq: 3,
      }),
      ...common,
    })
    .map(({ limits, sides, allowed, ...rest }) =>
      withoutUndefined({
        name,
        type,
        ...rest,
        ...(limits && sides !== "maximum" ? { minimum: Math.min(...limits) } : {}),
        ...(limits && sides !== "minimum" ? { maximum: Math.max(...limits) } : {}),
        allowed: allowed?.map(String),
      }),
    );

const texts = (name: string): fc.Arbitrary<ColumnContract> =>
  fc
    .record({
      allowed: fc.option(fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }), {
        nil: undefined,
      }),
      ...common,
    })
    .map((fields) => withoutUndefined({ name, type: ColumnType.String, ...fields }));

const plain = (name: string): fc.Arbitrary<ColumnContract> =>
  fc
    .record({ type: fc.constantFrom(ColumnType.Boolean, ColumnType.Timestamp), nullable: common.nullable })
    .map((fields) => withoutUndefined({ name, ...fields }));

const column = (name: string): fc.Arbitrary<ColumnContract> =>
  fc.oneof(texts(name), numbers(name, ColumnType.Integer), numbers(name, ColumnType.Number), plain(name));

/** Contracts of one data set over few names and values, so that two of them often have much in common. */
export const contracts: fc.Arbitrary<DataContract> = fc
  .record({
    columns: fc
      .subarray(names, { minLength: 1 })
      .chain((chosen) => fc.tuple(...chosen.map((name) => column(name)))),
    version: fc.constantFrom("1", "2", "3"),
    keyLength: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ columns, version, keyLength }) => {
    const key = columns
      .filter(({ nullable }) => nullable !== true)
      .map(({ name }) => name)
      .slice(0, keyLength);
    return {
      dataset: "flights",
      version,
      columns,
      ...(key.length === 0 ? {} : { primaryKey: key }),
    };
  });

/** A contract and one that differs from it in few columns. */
export const contractPairs: fc.Arbitrary<[DataContract, DataContract]> = fc
  .tuple(contracts, contracts, fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }), fc.boolean())
  .map(([older, other, changed, keyToo]) => {
    const kept = older.columns.filter(({ name }) => !changed.includes(name));
    const columns = [...kept, ...other.columns.filter(({ name }) => changed.includes(name))];
    if (columns.length === 0) return [older, other];
    const key = (keyToo ? other : older).primaryKey?.filter((name) =>
      columns.some((candidate) => candidate.name === name && candidate.nullable !== true),
    );
    const newer = { ...older, version: "9", columns, primaryKey: key?.length ? key : undefined };
    return [older, withoutUndefined(newer)];
  });

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
