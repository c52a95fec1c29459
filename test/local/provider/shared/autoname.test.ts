import * as fc from "fast-check";
import { autoname } from "../../../../local/provider/shared/autoname";

const seeds = fc.uint8Array({ minLength: 1, maxLength: 32 });
const lowerCase = (name: string) => name.toLowerCase().replace(/[^a-z0-9-]/g, "-");

describe("autoname", () => {
  it("is the logical name, a dash, seven hex characters and the suffix", () => {
    expect(autoname("raw", Buffer.from("seed"), { maximumLength: 63 })).toMatch(/^raw-[0-9a-f]{7}$/);
    expect(autoname("work", Buffer.from("seed"), { maximumLength: 80, suffix: ".fifo" })).toMatch(
      /^work-[0-9a-f]{7}\.fifo$/,
    );
  });

  it("is the same for the same seed, and another for another seed", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), seeds, seeds, (name, seed, other) => {
        const rules = { maximumLength: 200 };
        expect(autoname(name, seed, rules)).toBe(autoname(name, seed, rules));
        fc.pre(Buffer.compare(seed, other) !== 0);
        expect(autoname(name, seed, rules)).not.toBe(autoname(name, other, rules));
      }),
    );
  });

  it("never gives one name to two resources when there is no seed", () => {
    const none = new Uint8Array();
    expect(autoname("raw", none, { maximumLength: 63 })).not.toBe(
      autoname("raw", none, { maximumLength: 63 }),
    );
  });

  it("keeps to the length and the characters of the type, and never cuts the random part or the suffix", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 300 }),
        seeds,
        fc.integer({ min: 20, max: 128 }),
        (name, seed, maximumLength) => {
          const made = autoname(name, seed, { maximumLength, transform: lowerCase, suffix: ".fifo" });
          expect(made.length).toBeLessThanOrEqual(maximumLength);
          expect(made).toMatch(/^[a-z0-9-]+-[0-9a-f]{7}\.fifo$/);
        },
      ),
    );
  });

  it("refuses a length that has no room for a name", () => {
    expect(() => autoname("raw", Buffer.from("seed"), { maximumLength: 8 })).toThrow(
      /needs more than 8 characters/,
    );
  });
});
