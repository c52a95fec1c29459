import * as fc from "fast-check";

import { FeatureType, JoinKey, JoinKeyType } from "../../../components/contracts/feature-definition";
import {
  encodeValue,
  entityId,
  feastTime,
  serializeEntityKey,
} from "../../../lambdas/feature-materializer/feast-encoding";
import { murmurHash } from "../../../lambdas/feature-materializer/murmur-hash";
import type { FeatureValue } from "../../../lambdas/feature-materializer/online-store";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Computed with mmh3 5.3.1, the library that Feast uses. */
const hashes: [string, string][] = [
  ["", "00000000000000000000000000000000"],
  ["44", "0e205026dfc05c7b737b6058794f92d4"],
  ["6b30f90ec7dd01e4", "6072a33a33eae491948cdb44d3f0d353"],
  ["887534a20f0b0d04c3", "64bd7a89a8ab5cb4578f77b207661003"],
  ["6ed80e71e0fd77b07670eb940bd533", "57a03102601d4024a236fd1c173a7386"],
  ["5f973daad8619b91ffc911f57cced458", "4190e97cc8f09b08c8db7f2dbefbc738"],
  ["bbbf2ce03753c9bdfa0ff0169dc9575674", "5dca18313342ca22e6e2ba50ef375bb7"],
  ["066676cfb0b4eb8902c44269da1cf6ba66d3f8b6d4b100a9ea0e755a5c2e82", "d5357b93ff6e5a0a4d522474431490a8"],
  ["10242a08e7078f7f89385eb09423555182568b96e8a4fef23a0c9fc5afd76084", "6549aa2b3808d32f940e79b55c2c7992"],
  ["37816bdd0a7309cb4a1252e4da70e6720fcaa4da1e98406c189c24279e9851d581", "f061e7a72a1a905b65685276ba1c9dfe"],
];

test.each(hashes)("hashes %s as Feast does", (bytes, hash) => {
  expect(murmurHash(Buffer.from(bytes, "hex"))).toBe(hash);
});

const text = (name: string): JoinKey => ({ name, type: JoinKeyType.String });
const whole = (name: string): JoinKey => ({ name, type: JoinKeyType.Integral });

/** Computed with Feast 0.67.0: serialize_entity_key (version 3) and compute_entity_id. */
const keys: [string, JoinKey[], Record<string, FeatureValue>, string, string][] = [
  [
    "a text",
    [text("airport")],
    { airport: "JFK" },
    "010000000200000007000000616972706f727402000000030000004a464b",
    "ae224a1742d356877a20ec79d07c3168",
  ],
  [
    "a negative number",
    [whole("flight_id")],
    { flight_id: -42n },
    "010000000200000009000000666c696768745f69640400000008000000d6ffffffffffffff",
    "18f324d82d22472ba184979af8e0f72c",
  ],
  [
    "several keys in another order, an empty text, a number beyond 2^53",
    [text("route"), text("airport"), whole("n")],
    { route: "Zürich–Ω", airport: "", n: 9007199254740993n },
    "030000000200000007000000616972706f727402000000010000006e0200000005000000726f757465020000000000000004000000080000000100000000002000020000000c0000005ac3bc72696368e28093cea9",
    "b3c25884a0cfcc3ced821882f8d6503c",
  ],
];

test.each(keys)(
  "writes the key of an entity as Feast does: %s",
  (_case, joinKeys, values, serialized, id) => {
    expect(serializeEntityKey(joinKeys, values).toString("hex")).toBe(serialized);
    expect(entityId(joinKeys, values)).toBe(id);
  },
);

test("refuses a key without a value", () => {
  expect(() => entityId([text("airport")], { airport: null })).toThrow("The join key airport has no value.");
});

/** Computed with Feast 0.67.0: ValueProto.SerializeToString. */
const values: [FeatureType, FeatureValue, string][] = [
  [FeatureType.Integral, 0n, "2000"],
  [FeatureType.Integral, -1n, "20ffffffffffffffffff01"],
  [FeatureType.Integral, 9007199254740993n, "208180808080808010"],
  [FeatureType.Fractional, 0.5, "29000000000000e03f"],
  [FeatureType.String, "", "1200"],
  [FeatureType.String, "Ω", "1202cea9"],
  [FeatureType.Fractional, null, ""],
];

test.each(values)("writes a value of type %s as Feast does: %s", (type, value, bytes) => {
  expect(hex(encodeValue(type, value))).toBe(bytes);
});

test("writes times as Python does, so that their order as text is their order in time", () => {
  expect(feastTime(1_767_225_600_000_000n)).toBe("2026-01-01 00:00:00+00:00");
  expect(feastTime(1_767_225_600_000_001n)).toBe("2026-01-01 00:00:00.000001+00:00");
  const microseconds = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000n });
  const near = fc
    .tuple(microseconds, fc.bigInt({ min: 0n, max: 3_000_000n }))
    .map(([a, more]) => [a, a + more] as const);
  fc.assert(
    fc.property(near, ([earlier, later]) => {
      const inText = feastTime(earlier) < feastTime(later);
      return inText === earlier < later;
    }),
  );
});
