import * as fc from "fast-check";

import {
  compareManifests,
  manifestOf,
  sageMakerManifest,
  ValidatedFile,
  validatedFile,
} from "../../../lambdas/dataset-publisher/manifest";

const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((digits) => digits.join(""));
const file: fc.Arbitrary<ValidatedFile> = fc.record({
  key: fc.stringMatching(/^flights\/[a-z0-9]{1,8}\.parquet$/),
  versionId: hex(8),
  bytes: fc.nat(),
  rows: fc.nat(),
  sha256: hex(64),
  runId: fc.uuid(),
  contractVersion: fc.constantFrom("1", "2"),
});
const files = fc.uniqueArray(file, { selector: ({ key }) => key, minLength: 1, maxLength: 8 });
const schema = [{ name: "id", type: "string" }];
const now = new Date("2026-01-31T12:00:00Z");
const manifest = (of: readonly ValidatedFile[], at = now) =>
  manifestOf({ dataset: "flights", bucket: "curated", schema, files: of }, at);

describe("a manifest", () => {
  test("is the same for the same files in any order, whenever and as whichever object version they were written", () => {
    fc.assert(
      fc.property(
        files.chain((of) => fc.tuple(fc.constant(of), fc.shuffledSubarray(of, { minLength: of.length }))),
        fc.uuid(),
        ([of, shuffled], runId) => {
          const again = shuffled.map((each) => ({ ...each, versionId: "another", runId }));
          expect(manifest(again, new Date(0)).id).toBe(manifest(of).id);
          expect(manifest(shuffled)).toEqual(manifest(of));
        },
      ),
    );
  });

  test("has another id as soon as any file is another, more or fewer", () => {
    const change = fc.constantFrom<(of: ValidatedFile) => Partial<ValidatedFile>>(
      ({ rows }) => ({ rows: rows + 1 }),
      ({ bytes }) => ({ bytes: bytes + 1 }),
      ({ sha256 }) => ({ sha256: sha256.startsWith("0") ? `1${sha256.slice(1)}` : `0${sha256.slice(1)}` }),
      ({ key }) => ({ key: `${key}2` }),
    );
    fc.assert(
      fc.property(files, fc.nat(), change, (of, index, changeOf) => {
        const at = index % of.length;
        const changed = of.map((each, i) => (i === at ? { ...each, ...changeOf(each) } : each));
        expect(manifest(changed).id).not.toBe(manifest(of).id);
        expect(manifest(of.filter((_, i) => i !== at)).id).not.toBe(manifest(of).id);
      }),
    );
  });

  test("counts what its files hold, and names their validations once", () => {
    fc.assert(
      fc.property(files, (of) => {
        const { rows, bytes, files: listed, sourceRuns } = manifest(of);
        expect(rows).toBe(of.reduce((sum, each) => sum + each.rows, 0));
        expect(bytes).toBe(of.reduce((sum, each) => sum + each.bytes, 0));
        expect(listed.map(({ key }) => key)).toEqual(of.map(({ key }) => key).sort());
        expect(sourceRuns).toEqual([...new Set(of.map(({ runId }) => runId))].sort());
      }),
    );
  });

  test("has another id under another schema", () => {
    const one = { dataset: "flights", bucket: "curated", files: [] };
    expect(manifestOf({ ...one, schema }, now).id).not.toBe(manifestOf({ ...one, schema: [] }, now).id);
  });

  test("is a prefix with keys for a training channel", () => {
    fc.assert(
      fc.property(files, (of) => {
        const [head, ...keys] = sageMakerManifest(manifest(of));
        expect(head).toEqual({ prefix: "s3://curated/" });
        expect(keys).toEqual(of.map(({ key }) => key).sort());
      }),
    );
  });
});

describe("a comparison", () => {
  test("puts every key of both versions in exactly one place, and adds up", () => {
    fc.assert(
      fc.property(files, files, (before, after) => {
        const [from, to] = [manifest(before), manifest(after)];
        const { added, removed, changed, rows } = compareManifests(from, to);
        const old = new Map(before.map(({ key, sha256 }) => [key, sha256]));
        const recent = new Map(after.map(({ key, sha256 }) => [key, sha256]));
        expect(added).toEqual([...recent.keys()].filter((key) => !old.has(key)).sort());
        expect(removed).toEqual([...old.keys()].filter((key) => !recent.has(key)).sort());
        expect(changed).toEqual(
          [...recent.keys()].filter((key) => old.has(key) && old.get(key) !== recent.get(key)).sort(),
        );
        expect(from.rows + rows).toBe(to.rows);
      }),
    );
  });

  test("names columns that came, went or changed their type", () => {
    const of = (columns: { name: string; type: string }[]) =>
      manifestOf({ dataset: "flights", bucket: "curated", schema: columns, files: [] }, now);
    const older = of([
      { name: "id", type: "string" },
      { name: "delay", type: "integer" },
    ]);
    const newer = of([
      { name: "delay", type: "number" },
      { name: "gate", type: "string" },
    ]);
    expect(compareManifests(older, newer).columns).toEqual(["delay", "gate", "id"]);
  });
});

describe("a curated file", () => {
  const metadata = { rows: "3", sha256: "a".repeat(64), "run-id": "run", "contract-version": "1" };

  test("carries what its validation wrote; a bucket without versions gives none", () => {
    const head = { key: "flights/a.parquet", bytes: 10, versionId: "null", metadata };
    expect(validatedFile(head)).toEqual({
      key: "flights/a.parquet",
      bytes: 10,
      rows: 3,
      sha256: "a".repeat(64),
      runId: "run",
      contractVersion: "1",
    });
  });

  test.each([
    [{}, /rows is missing; sha256 is missing; run-id is missing; contract-version is missing/],
    [{ ...metadata, rows: "many" }, /flights\/a\.parquet .*rows must be a number/],
    [{ ...metadata, sha256: "short" }, /sha256 must be 64 hex digits/],
  ])("without it is refused by name: %j", (given, message) => {
    expect(() => validatedFile({ key: "flights/a.parquet", bytes: 1, metadata: given })).toThrow(message);
  });
});
