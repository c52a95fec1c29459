import { Writer } from "protobufjs/minimal";

import { FeatureType, JoinKey, JoinKeyType } from "../../components/contracts/feature-definition";
import { murmurHash } from "./murmur-hash";
import type { FeatureValue } from "./online-store";

/** Numbers of the fields of Feast's message `feast.types.Value`, and of its types, which are the same. */
enum ValueField {
  String = 2,
  Int64 = 4,
  Double = 5,
}

/** Wire types of Protocol Buffers. */
enum WireType {
  Varint = 0,
  SixtyFourBits = 1,
  Delimited = 2,
}

const tag = (field: ValueField, wire: WireType): number => (field << 3) | wire;

/** A value as Feast's message `Value`; a missing value is the empty message. */
export function encodeValue(type: FeatureType, value: FeatureValue): Uint8Array {
  const writer = Writer.create();
  if (value === null) return writer.finish();
  switch (type) {
    case FeatureType.Integral:
      return writer
        .uint32(tag(ValueField.Int64, WireType.Varint))
        .int64(halves(BigInt(value)))
        .finish();
    case FeatureType.Fractional:
      return writer.uint32(tag(ValueField.Double, WireType.SixtyFourBits)).double(Number(value)).finish();
    case FeatureType.String:
      return writer.uint32(tag(ValueField.String, WireType.Delimited)).string(String(value)).finish();
  }
}

function halves(value: bigint): { low: number; high: number; unsigned: boolean } {
  const bits = BigInt.asUintN(64, value);
  return { low: Number(bits & 0xffffffffn) | 0, high: Number(bits >> 32n) | 0, unsigned: false };
}

/**
 * The key of an entity as Feast serializes it (version 3): the number of join keys, their names, then their values, all
 * in the order of the names, each with its type and length.
 */
export function serializeEntityKey(joinKeys: JoinKey[], values: Record<string, FeatureValue>): Buffer {
  // By code points, as Python sorts.
  const sorted = [...joinKeys].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const names = sorted.flatMap(({ name }) => sized(ValueField.String, Buffer.from(name)));
  const contents = sorted.flatMap(({ name, type }) => {
    const value = values[name] ?? null;
    if (value === null) throw new Error(`The join key ${name} has no value.`);
    if (type === JoinKeyType.String) return sized(ValueField.String, Buffer.from(String(value)));
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return sized(ValueField.Int64, bytes);
  });
  return Buffer.concat([unsigned(sorted.length), ...names, ...contents]);
}

function sized(type: ValueField, bytes: Buffer): Buffer[] {
  return [unsigned(type), unsigned(bytes.length), bytes];
}

function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Value of `entity_id`, the key of Feast's online tables. */
export function entityId(joinKeys: JoinKey[], values: Record<string, FeatureValue>): string {
  return murmurHash(serializeEntityKey(joinKeys, values));
}

/** A moment as Feast writes it: Python's text of a datetime in UTC. Its order as text is its order in time. */
export function feastTime(microseconds: bigint): string {
  const second = new Date(Number(microseconds / 1000n)).toISOString().slice(0, 19).replace("T", " ");
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return `${second}${fraction === 0n ? "" : `.${String(fraction).padStart(6, "0")}`}+00:00`;
}
