import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as fc from "fast-check";

import {
  FeatureEntity,
  FeatureType,
  FeatureView,
  JoinKeyType,
} from "../../../components/contracts/feature-definition";
import { materialize } from "../../../lambdas/feature-materializer/materialize";
import { OnlineRow, OnlineStore, PutOutcome } from "../../../lambdas/feature-materializer/online-store";
import { withFeatureDatabase } from "../../../lambdas/shared/feature-database";

const entity: FeatureEntity = { name: "airport", joinKeys: [{ name: "airport", type: JoinKeyType.String }] };
const view: FeatureView = {
  name: "weather",
  entity: "airport",
  dataset: "weather",
  features: [
    { name: "wind", type: FeatureType.Integral },
    { name: "gust", type: FeatureType.Fractional, deprecated: true },
  ],
  eventTime: "measured_at",
};
const start = Date.UTC(2026, 0, 1) / 1000;
const now = new Date((start + 10_000) * 1000);

/** A store that keeps what it must, as the tables do. */
class MemoryStore implements OnlineStore {
  readonly place = { namespace: "test", name: "memory" };
  readonly rows = new Map<string, OnlineRow>();

  put(row: OnlineRow): Promise<PutOutcome> {
    const key = String(row.values.airport);
    const held = this.rows.get(key);
    const newer =
      held === undefined ||
      held.eventTime < row.eventTime ||
      (held.eventTime === row.eventTime && held.writtenTime < row.writtenTime);
    if (newer) this.rows.set(key, row);
    return Promise.resolve(newer ? PutOutcome.Written : PutOutcome.Older);
  }
}

interface Row {
  airport: string | null;
  /** Seconds after the start. */
  at: number | null;
  wind: number | null;
}

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "materialize-"));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const written = ({ airport, at, wind }: Row): string =>
  `(${airport === null ? "NULL" : `'${airport}'`}, ${at === null ? "NULL" : `make_timestamp(${(start + at) * 1_000_000})`}, ${wind ?? "NULL"})`;

/** Brings files, each with its rows, into a store, one call a batch. */
async function run(batches: Row[][][], store: OnlineStore, of = view) {
  return withFeatureDatabase(folder, 500, async (connection) => {
    const answers = [];
    let arrived = 0;
    for (const batch of batches) {
      const files = [];
      for (const rows of batch) {
        const file = path.join(folder, `${++arrived}.parquet`);
        const values =
          rows.length === 0
            ? "SELECT NULL, NULL, NULL WHERE false"
            : `VALUES ${rows.map(written).join(", ")}`;
        await connection.run(
          `COPY (SELECT airport::VARCHAR AS airport, measured_at::TIMESTAMP AS measured_at, wind::INTEGER AS wind FROM (${values}) t(airport, measured_at, wind)) TO '${file}' (FORMAT parquet)`,
        );
        files.push({ path: file, arrived: start * 1000 + arrived * 1000 });
      }
      answers.push(await materialize(connection, of, entity, files, store, now));
    }
    return answers;
  });
}

test("writes the newest row of each entity, counts the rest, and leaves the future for later", async () => {
  const store = new MemoryStore();
  const rows: Row[] = [
    { airport: "JFK", at: 1, wind: 1 },
    { airport: "JFK", at: 3, wind: 3 },
    { airport: "LGA", at: 2, wind: null },
    { airport: null, at: 2, wind: 4 },
    { airport: "EWR", at: null, wind: 4 },
    { airport: "EWR", at: 10_001, wind: 5 },
  ];
  const [batch] = await run([[rows]], store);
  expect(batch).toMatchObject({ rows: 6, skipped: 2, entities: 2, written: 2, older: 0, expired: 0 });
  expect(batch?.withFuture).toHaveLength(1);
  expect(Object.fromEntries([...store.rows].map(([key, row]) => [key, row.values]))).toEqual({
    JFK: { airport: "JFK", wind: 3n },
    LGA: { airport: "LGA", wind: null },
  });
  expect((await run([[rows]], store))[0]).toMatchObject({ written: 0, older: 2 });
});

test("does not serve what is past its time to live already", async () => {
  const store = new MemoryStore();
  const rows: Row[] = [
    { airport: "JFK", at: 1000, wind: 1 },
    { airport: "LGA", at: 9000, wind: 2 },
  ];
  const [batch] = await run([[rows]], store, { ...view, ttlSeconds: 3600 });
  expect(batch).toMatchObject({ entities: 2, written: 1, expired: 1 });
  expect([...store.rows.keys()]).toEqual(["LGA"]);
});

test("between rows of one event time the file that came last wins, whatever is written again", async () => {
  const store = new MemoryStore();
  const first: Row[] = [{ airport: "JFK", at: 1, wind: 1 }];
  const corrected: Row[] = [{ airport: "JFK", at: 1, wind: 2 }];
  await run([[first, corrected]], store);
  expect(store.rows.get("JFK")?.values.wind).toBe(2n);
});

test("the store ends with each entity's newest row, however late, split or repeated the files come", async () => {
  const row: fc.Arbitrary<Row> = fc.record({
    airport: fc.option(fc.constantFrom("JFK", "LGA", "EWR"), { freq: 9 }),
    at: fc.option(fc.integer({ min: 0, max: 12_000 }), { freq: 9 }),
    wind: fc.option(fc.integer({ min: 0, max: 50 }), { freq: 5 }),
  });
  const batches = fc.array(fc.array(fc.array(row, { maxLength: 6 }), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(batches, async (given) => {
      const store = new MemoryStore();
      const answers = await run(given, store);
      const usable = given
        .flat(2)
        .filter(({ airport, at }) => airport !== null && at !== null && at <= 10_000);
      const newest = new Map<string, number>();
      for (const { airport, at } of usable)
        newest.set(airport ?? "", Math.max(newest.get(airport ?? "") ?? -1, at ?? -1));
      const held = [...store.rows].map(([key, { eventTime }]): [string, number] => [
        key,
        Number(eventTime / 1_000_000n) - start,
      ]);
      expect(new Map(held)).toEqual(newest);
      expect(answers.reduce((sum, { rows }) => sum + rows, 0)).toBe(given.flat(2).length);
    }),
    { numRuns: 25 },
  );
});
