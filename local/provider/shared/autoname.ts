import { createHash, randomBytes } from "node:crypto";

/** Length of the random part of a generated name. */
const randomLength = 7;

/** Rules of a physical name. */
export interface NameRules {
  maximumLength: number;
  transform?: (name: string) => string;
  suffix?: string;
  /** What stands before the random part, for services that take no hyphen. @default "-" */
  separator?: string;
}

/**
 * Physical name of a resource: logical name, `-` (or the separator), 7 hex characters and the suffix, cut to the allowed length.
 * The same seed gives the same name; an empty seed gives a random one.
 */
export function autoname(logicalName: string, seed: Uint8Array, rules: NameRules): string {
  const { maximumLength, transform = (name) => name, suffix = "", separator = "-" } = rules;
  const ending = `${separator}${randomPart(seed)}${suffix}`;
  const room = maximumLength - ending.length;
  if (room < 1) throw new RangeError(`a generated name needs more than ${maximumLength} characters`);
  return `${transform(logicalName).slice(0, room)}${ending}`;
}

function randomPart(seed: Uint8Array): string {
  const bytes = seed.length === 0 ? randomBytes(32) : seed;
  return createHash("sha256").update(bytes).digest("hex").slice(0, randomLength);
}
