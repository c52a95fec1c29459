const mask = (1n << 64n) - 1n;
const firstFactor = 0x87c37b91114253d5n;
const secondFactor = 0x4cf5ad432745937fn;

const rotate = (value: bigint, bits: bigint): bigint => ((value << bits) | (value >> (64n - bits))) & mask;
const mixFirst = (value: bigint): bigint => (rotate((value * firstFactor) & mask, 31n) * secondFactor) & mask;
const mixSecond = (value: bigint): bigint =>
  (rotate((value * secondFactor) & mask, 33n) * firstFactor) & mask;

function finish(value: bigint): bigint {
  let mixed = value ^ (value >> 33n);
  mixed = (mixed * 0xff51afd7ed558ccdn) & mask;
  mixed ^= mixed >> 33n;
  mixed = (mixed * 0xc4ceb9fe1a85ec53n) & mask;
  return mixed ^ (mixed >> 33n);
}

/** Up to eight bytes as a little-endian number; none are 0. */
function littleEndian(bytes: Uint8Array, from: number, to: number): bigint {
  let value = 0n;
  for (let index = Math.min(to, bytes.length) - 1; index >= from; index--) {
    value = (value << 8n) | BigInt(bytes[index] ?? 0);
  }
  return value;
}

/**
 * MurmurHash3 (A. Appleby, public domain), the 128-bit variant for 64-bit machines with seed 0, in hex. Feast names the
 * entities of its online tables with it.
 */
export function murmurHash(bytes: Uint8Array): string {
  let first = 0n;
  let second = 0n;
  const tail = bytes.length - (bytes.length % 16);
  for (let at = 0; at < tail; at += 16) {
    first ^= mixFirst(littleEndian(bytes, at, at + 8));
    first = (rotate(first, 27n) + second) & mask;
    first = (first * 5n + 0x52dce729n) & mask;
    second ^= mixSecond(littleEndian(bytes, at + 8, at + 16));
    second = (rotate(second, 31n) + first) & mask;
    second = (second * 5n + 0x38495ab5n) & mask;
  }
  second ^= mixSecond(littleEndian(bytes, tail + 8, tail + 16));
  first ^= mixFirst(littleEndian(bytes, tail, tail + 8));

  const length = BigInt(bytes.length);
  first = ((first ^ length) + (second ^ length)) & mask;
  second = ((second ^ length) + first) & mask;
  first = finish(first);
  second = finish(second);
  first = (first + second) & mask;
  second = (second + first) & mask;
  const hash = Buffer.alloc(16);
  hash.writeBigUInt64LE(first, 0);
  hash.writeBigUInt64LE(second, 8);
  return hash.toString("hex");
}
