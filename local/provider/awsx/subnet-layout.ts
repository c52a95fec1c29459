/** Where the subnets of a VPC lie: arithmetic on addresses alone, without any resource. */

export const subnetTypes = ["Public", "Private", "Isolated", "Unused"] as const;
export type SubnetType = (typeof subnetTypes)[number];

/** What a program asks for, once for each zone. */
export interface SubnetSpec<Tags = unknown> {
  type: SubnetType;
  /** @default the type in lower case */
  name?: string;
  /** Length of the network prefix. @default an even share of the zone */
  cidrMask?: number;
  /** Number of addresses, a power of 2; another way to say `cidrMask`. */
  size?: number;
  /** One block for each zone, instead of `cidrMask` and `size`; given for every spec or for none. */
  cidrBlocks?: string[];
  tags?: Tags;
}

export interface SubnetPlace<Tags = unknown> {
  spec: SubnetSpec<Tags>;
  zone: string;
  zoneIndex: number;
  /** `<vpc>-<spec>-<number of the zone>` */
  name: string;
  cidrBlock: string;
}

interface Block {
  first: number;
  mask: number;
}

/** AWS has no smaller subnets. */
const longestMask = 28;

/**
 * Places the subnets of every zone in the order of the specs. Each zone gets an equal range of the VPC (or one of
 * `zoneMask`), each subnet begins where the one before ends, aligned to its own size.
 *
 * @throws Error that says what does not fit.
 */
export function layOutSubnets<Tags>(
  vpcName: string,
  vpcCidrBlock: string,
  zones: string[],
  specs: SubnetSpec<Tags>[] | undefined,
  zoneMask?: number,
): SubnetPlace<Tags>[] {
  const vpc = parseBlock(vpcCidrBlock);
  const mask = zoneMask ?? vpc.mask + bitsFor(zones.length);
  const wanted = specs ?? defaultSpecs<Tags>(mask);
  if (wanted.length === 0) throw new Error("subnetSpecs is empty; give at least one spec, or leave it out.");
  const explicit = wanted.filter((spec) => spec.cidrBlocks !== undefined).length;
  if (explicit > 0 && explicit < wanted.length) {
    throw new Error(
      "subnetSpecs: cidrBlocks is given for some specs only; give it for all of them or for none.",
    );
  }
  const places = zones.flatMap((zone, zoneIndex) => {
    const range = { first: vpc.first + zoneIndex * sizeOf(mask), mask };
    const blocks = explicit > 0 ? explicitBlocks(wanted, zoneIndex, zones.length) : fill(range, wanted);
    return wanted.map((spec, index) => ({
      spec,
      zone,
      zoneIndex,
      name: `${vpcName}-${spec.name ?? spec.type.toLowerCase()}-${zoneIndex + 1}`,
      cidrBlock: formatBlock(blocks[index]!),
    }));
  });
  requireInside(vpc, places);
  requireApart(places);
  return places;
}

/** @throws Error that names the first range of the VPC that no spec accounts for. */
export function requireNoGaps(vpcCidrBlock: string, places: SubnetPlace[]): void {
  const vpc = parseBlock(vpcCidrBlock);
  const blocks = places.map((place) => parseBlock(place.cidrBlock)).sort((a, b) => a.first - b.first);
  let next = vpc.first;
  for (const block of [...blocks, { first: end(vpc), mask: 32 }]) {
    if (block.first > next) {
      throw new Error(
        `subnetStrategy Exact: the addresses ${formatAddress(next)} to ${formatAddress(block.first - 1)} are in no subnet; ` +
          `name them with a spec of type Unused.`,
      );
    }
    next = end(block);
  }
}

function defaultSpecs<Tags>(zoneMask: number): SubnetSpec<Tags>[] {
  // At most a /16 is laid out by default: the rest of a larger network is left to the user.
  const mask = Math.max(zoneMask, 16);
  return [
    { type: "Private", cidrMask: mask + 1 },
    { type: "Public", cidrMask: mask + 2 },
  ];
}

function fill(range: Block, specs: SubnetSpec[]): Block[] {
  const share = range.mask + bitsFor(specs.length);
  let next = range.first;
  const blocks = specs.map((spec, index) => {
    const mask = maskOf(spec, index) ?? share;
    if (mask > longestMask) {
      throw new Error(
        `subnetSpecs[${index}] would be a /${mask}; AWS allows /${longestMask} at the smallest.`,
      );
    }
    const size = sizeOf(mask);
    const block = { first: Math.ceil(next / size) * size, mask };
    next = end(block);
    return block;
  });
  if (next > end(range)) {
    throw new Error(
      `subnetSpecs need ${next - range.first} addresses in each availability zone, and a zone has ${sizeOf(range.mask)} ` +
        `(/${range.mask}); choose a larger cidrBlock, smaller subnets or fewer zones.`,
    );
  }
  return blocks;
}

function explicitBlocks(specs: SubnetSpec[], zoneIndex: number, zoneCount: number): Block[] {
  return specs.map((spec, index) => {
    const blocks = spec.cidrBlocks!;
    if (blocks.length !== zoneCount) {
      throw new Error(
        `subnetSpecs[${index}].cidrBlocks has ${blocks.length} blocks; give one for each of the ${zoneCount} zones.`,
      );
    }
    const block = parseBlock(blocks[zoneIndex]!);
    const mask = maskOf(spec, index) ?? block.mask;
    if (mask !== block.mask) {
      throw new Error(`subnetSpecs[${index}] asks for a /${mask} and for the block ${blocks[zoneIndex]}.`);
    }
    return block;
  });
}

function maskOf({ cidrMask, size }: SubnetSpec, index: number): number | undefined {
  if (size === undefined) return cidrMask;
  const mask = 32 - Math.log2(size);
  if (!Number.isInteger(mask))
    throw new Error(`subnetSpecs[${index}].size is ${size}; allowed are powers of 2.`);
  if (cidrMask !== undefined && cidrMask !== mask) {
    throw new Error(
      `subnetSpecs[${index}] asks for ${size} addresses and for a /${cidrMask}, which is another size.`,
    );
  }
  return mask;
}

function requireInside(vpc: Block, places: SubnetPlace[]): void {
  for (const { name, cidrBlock } of places) {
    const block = parseBlock(cidrBlock);
    if (block.first < vpc.first || end(block) > end(vpc)) {
      throw new Error(`The subnet ${name} (${cidrBlock}) is not inside the VPC's ${formatBlock(vpc)}.`);
    }
  }
}

function requireApart(places: SubnetPlace[]): void {
  const sorted = places
    .map((place) => ({ ...place, block: parseBlock(place.cidrBlock) }))
    .sort((a, b) => a.block.first - b.block.first);
  sorted.slice(1).forEach((place, index) => {
    const before = sorted[index]!;
    if (place.block.first < end(before.block)) {
      throw new Error(
        `The subnets ${before.name} (${before.cidrBlock}) and ${place.name} (${place.cidrBlock}) overlap.`,
      );
    }
  });
}

function parseBlock(text: string): Block {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const [a, b, c, d, mask] = (match ?? []).slice(1).map(Number) as [number, number, number, number, number];
  if (!match || [a, b, c, d].some((byte) => byte > 255) || mask > 32) {
    throw new Error(`"${text}" is not an IPv4 block such as 10.0.0.0/16.`);
  }
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { first: address - (address % sizeOf(mask)), mask };
}

function formatBlock({ first, mask }: Block): string {
  return `${formatAddress(first)}/${mask}`;
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

function sizeOf(mask: number): number {
  return 2 ** (32 - mask);
}

function end(block: Block): number {
  return block.first + sizeOf(block.mask);
}

function bitsFor(count: number): number {
  return Math.ceil(Math.log2(Math.max(1, count)));
}
