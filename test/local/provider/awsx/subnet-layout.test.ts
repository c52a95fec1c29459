import * as fc from "fast-check";
import { layOutSubnets, requireNoGaps, type SubnetSpec } from "../../../../local/provider/awsx/subnet-layout";

const blocks = (
  specs: SubnetSpec[] | undefined,
  zones = ["a", "b"],
  cidrBlock = "10.0.0.0/16",
  zoneMask?: number,
) =>
  layOutSubnets("net", cidrBlock, zones, specs, zoneMask).map(
    ({ name, cidrBlock: block }) => `${name} ${block}`,
  );

test("specs without a size share each zone evenly, in their order", () => {
  expect(blocks([{ type: "Private" }, { type: "Public" }])).toEqual([
    "net-private-1 10.0.0.0/18",
    "net-public-1 10.0.64.0/18",
    "net-private-2 10.0.128.0/18",
    "net-public-2 10.0.192.0/18",
  ]);
});

test("three zones get a quarter each", () => {
  expect(blocks([{ type: "Private" }], ["a", "b", "c"])).toEqual([
    "net-private-1 10.0.0.0/18",
    "net-private-2 10.0.64.0/18",
    "net-private-3 10.0.128.0/18",
  ]);
});

test("without specs the private subnet is twice as large as the public one", () => {
  expect(blocks(undefined, ["a"])).toEqual(["net-private-1 10.0.0.0/17", "net-public-1 10.0.128.0/18"]);
});

test("a large subnet behind a small one is aligned, leaving a gap", () => {
  const specs: SubnetSpec[] = [
    { type: "Public", cidrMask: 24 },
    { type: "Private", size: 4096, name: "work" },
  ];
  expect(blocks(specs, ["a"])).toEqual(["net-public-1 10.0.0.0/24", "net-work-1 10.0.16.0/20"]);
});

test("explicit blocks are taken as they are", () => {
  const specs: SubnetSpec[] = [{ type: "Private", cidrBlocks: ["10.0.4.0/24", "10.0.5.0/24"] }];
  expect(blocks(specs)).toEqual(["net-private-1 10.0.4.0/24", "net-private-2 10.0.5.0/24"]);
});

test.each<[string, SubnetSpec[], RegExp]>([
  [
    "too many addresses",
    [
      { type: "Private", cidrMask: 17 },
      { type: "Public", cidrMask: 17 },
    ],
    /need 65536 addresses .* a zone has 32768/,
  ],
  ["no power of 2", [{ type: "Private", size: 1000 }], /size is 1000; allowed are powers of 2/],
  ["two sizes", [{ type: "Private", size: 256, cidrMask: 20 }], /256 addresses and for a \/20/],
  ["too small", [{ type: "Private", cidrMask: 29 }], /at the smallest/],
  ["no specs", [], /subnetSpecs is empty/],
  [
    "some explicit",
    [{ type: "Private", cidrBlocks: ["10.0.0.0/24", "10.0.1.0/24"] }, { type: "Public" }],
    /for some specs only/,
  ],
  ["too few blocks", [{ type: "Private", cidrBlocks: ["10.0.0.0/24"] }], /one for each of the 2 zones/],
  ["outside", [{ type: "Private", cidrBlocks: ["10.1.0.0/24", "10.0.1.0/24"] }], /not inside/],
  ["overlapping", [{ type: "Private", cidrBlocks: ["10.0.0.0/23", "10.0.1.0/24"] }], /overlap/],
])("%s is refused", (_, specs, message) => {
  expect(() => blocks(specs)).toThrow(message);
});

test("Exact names the first addresses that nobody accounts for", () => {
  const lay = (specs: SubnetSpec[]) => layOutSubnets("net", "10.0.0.0/16", ["a"], specs);
  expect(() => requireNoGaps("10.0.0.0/16", lay([{ type: "Private", cidrMask: 17 }]))).toThrow(
    "10.0.128.0 to 10.0.255.255",
  );
  const whole: SubnetSpec[] = [
    { type: "Private", cidrMask: 17 },
    { type: "Unused", cidrMask: 17 },
  ];
  expect(() => requireNoGaps("10.0.0.0/16", lay(whole))).not.toThrow();
});

test("whatever fits lies inside the VPC, aligned and apart", () => {
  const spec = fc.record({
    type: fc.constant("Private" as const),
    cidrMask: fc.integer({ min: 24, max: 28 }),
  });
  fc.assert(
    fc.property(
      fc.array(spec, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      (specs, zoneCount) => {
        const zones = Array.from({ length: zoneCount }, (_, index) => `zone-${index}`);
        const ranges = layOutSubnets("net", "10.0.0.0/16", zones, specs)
          .map(({ cidrBlock }) => {
            const [address, mask] = cidrBlock.split("/");
            const first = address!.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
            return { first, size: 2 ** (32 - Number(mask)) };
          })
          .sort((a, b) => a.first - b.first);
        ranges.forEach(({ first, size }, index) => {
          expect(first % size).toBe(0);
          expect(first).toBeGreaterThanOrEqual(10 * 2 ** 24);
          expect(first + size).toBeLessThanOrEqual(ranges[index + 1]?.first ?? 10 * 2 ** 24 + 65_536);
        });
      },
    ),
  );
});
