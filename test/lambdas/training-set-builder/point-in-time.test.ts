import { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";

import {
  FeatureEntity,
  FeatureType,
  FeatureView,
  JoinKeyType,
} from "../../../components/contracts/feature-definition";
import { pointInTimeSql, ViewSource } from "../../../lambdas/training-set-builder/point-in-time";

/** A row of a view as a test writes it; times in seconds since 1970. */
interface Row {
  key: string | null;
  /** Seconds, and hours by which the zone that it is written in is ahead of UTC. */
  at: { seconds: number; zone: number } | null;
  created: number | null;
  value: number | null;
}

interface Label {
  key: string | null;
  at: { seconds: number; zone: number } | null;
}

const entity: FeatureEntity = { name: "airport", joinKeys: [{ name: "airport", type: JoinKeyType.String }] };

const viewOf = (name: string, ttlSeconds?: number): FeatureView => ({
  name,
  entity: "airport",
  dataset: "weather",
  features: [{ name: "wind", type: FeatureType.Fractional }],
  eventTime: "measured_at",
  createdTime: "written_at",
  ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
});

/** A moment as text with the offset of its zone, for example 2026-01-01T02:00:00+02:00. */
function written({ seconds, zone }: { seconds: number; zone: number }): string {
  const local = new Date((seconds + zone * 3600) * 1000).toISOString().slice(0, 19);
  const sign = zone < 0 ? "-" : "+";
  return `${local}${sign}${String(Math.abs(zone)).padStart(2, "0")}:00`;
}

const text = (value: string | null): string => (value === null ? "NULL::VARCHAR" : `'${value}'`);
const number = (value: number | null): string => (value === null ? "NULL::DOUBLE" : `${value}::DOUBLE`);

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

function rowsTable(rows: Row[]): string {
  const values = rows.map(
    ({ key, at, created, value }) =>
      `(${text(key)}, ${text(at && written(at))}, ${text(created === null ? null : written({ seconds: created, zone: 0 }))}, ${number(value)})`,
  );
  const none = "SELECT NULL::VARCHAR, NULL::VARCHAR, NULL::VARCHAR, NULL::DOUBLE WHERE false";
  return `(${values.length === 0 ? none : `VALUES ${values.join(", ")}`}) t(airport, measured_at, written_at, wind)`;
}

function labelsTable(labels: Label[]): string {
  const values = labels.map(({ key, at }, index) => `(${text(key)}, ${text(at && written(at))}, ${index})`);
  return `(VALUES ${values.join(", ")}) t(airport, departs_at, label)`;
}

interface Answer {
  label: number;
  wind: number | null;
  eventSeconds: number | null;
}

async function join(labels: Label[], rows: Row[], ttlSeconds?: number): Promise<Answer[]> {
  const source: ViewSource = { view: viewOf("weather", ttlSeconds), entity, source: rowsTable(rows) };
  const sql = pointInTimeSql({
    labels: labelsTable(labels),
    labelTime: "departs_at",
    views: [source],
    withEventTimes: true,
  });
  const reader = await connection.runAndReadAll(
    `SELECT label, weather__wind AS wind, epoch(weather__event_time)::DOUBLE AS seconds FROM (${sql})`,
  );
  return reader.getRowsJS().map((row) => ({
    label: Number(row[0]),
    wind: row[1] as number | null,
    eventSeconds: row[2] as number | null,
  }));
}

/** The same by looking at every row for every label. */
function reference(labels: Label[], rows: Row[], ttlSeconds = Infinity): Answer[] {
  const newest = (a: Row, b: Row): number =>
    compare(b.at?.seconds ?? 0, a.at?.seconds ?? 0) ||
    nullsLast(a.created, b.created) ||
    nullsLast(a.value, b.value);
  return labels.map((label, index) => {
    const [row] = rows
      .filter((candidate) => candidate.key !== null && candidate.key === label.key)
      .filter(({ at }) => at !== null && label.at !== null && at.seconds <= label.at.seconds)
      .sort(newest);
    const age = (label.at?.seconds ?? 0) - (row?.at?.seconds ?? 0);
    const usable = row !== undefined && age <= ttlSeconds;
    return {
      label: index,
      wind: usable ? row.value : null,
      eventSeconds: usable ? (row.at?.seconds ?? null) : null,
    };
  });
}

const compare = (a: number, b: number): number => a - b;
/** Larger first, missing last. */
const nullsLast = (a: number | null, b: number | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : b - a;

const start = Date.UTC(2026, 0, 1) / 1000;
// Few different moments, so that ties are frequent.
const seconds = fc.integer({ min: 0, max: 12 }).map((step) => start + step * 600);
const moment = fc.record({ seconds, zone: fc.integer({ min: -11, max: 12 }) });
const key = fc.option(fc.constantFrom("JFK", "LGA", "EWR"), { freq: 8 });
const row: fc.Arbitrary<Row> = fc.record({
  key,
  at: fc.option(moment, { freq: 8 }),
  created: fc.option(seconds, { freq: 3 }),
  value: fc.option(fc.integer({ min: -5, max: 5 }), { freq: 5 }),
});
const label: fc.Arbitrary<Label> = fc.record({ key, at: fc.option(moment, { freq: 8 }) });
const ttl = fc.option(fc.constantFrom(600, 1800, 3599, 3600), { nil: undefined });

describe("a training set", () => {
  test("never sees the future nor what is too old, and equals the naive search", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(label, { minLength: 1, maxLength: 12 }),
        fc.array(row, { maxLength: 25 }),
        ttl,
        async (labels, rows, ttlSeconds) => {
          const answers = await join(labels, rows, ttlSeconds);
          expect(answers).toEqual(reference(labels, rows, ttlSeconds));
          answers.forEach(({ eventSeconds }, index) => {
            if (eventSeconds === null) return;
            const labelSeconds = labels[index]?.at?.seconds ?? -Infinity;
            expect(eventSeconds).toBeLessThanOrEqual(labelSeconds);
            expect(labelSeconds - eventSeconds).toBeLessThanOrEqual(ttlSeconds ?? Infinity);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  test("does not change when rows of the future are added", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(label, { minLength: 1, maxLength: 8 }),
        fc.array(row, { maxLength: 15 }),
        async (labels, rows) => {
          const latest = Math.max(...labels.map(({ at }) => at?.seconds ?? 0));
          const future = rows.map((past) => ({ ...past, at: { seconds: latest + 1, zone: 3 }, value: 99 }));
          expect(await join(labels, [...rows, ...future])).toEqual(await join(labels, rows));
        },
      ),
      { numRuns: 100 },
    );
  });

  const at = (hour: number): { seconds: number; zone: number } => ({ seconds: start + hour * 3600, zone: 0 });
  const one = (hour: number, value: number | null, created: number | null = null): Row => ({
    key: "JFK",
    at: at(hour),
    created,
    value,
  });
  const table: [string, Row[], number | undefined, number | null][] = [
    ["takes a value of the label's very moment", [one(5, 1)], undefined, 1],
    [
      "does not take one of a second later",
      [{ ...one(5, 1), at: { seconds: start + 5 * 3600 + 1, zone: 0 } }],
      undefined,
      null,
    ],
    ["takes a value as old as the time to live", [one(4, 1)], 3600, 1],
    ["does not take one that is a second older", [one(4, 1)], 3599, null],
    [
      "takes the row written last",
      [one(4, 1, start), one(4, 2, start + 9), one(4, 3, start + 5)],
      undefined,
      2,
    ],
    ["takes a missing value of the newest row as missing", [one(3, 1), one(4, null)], undefined, null],
  ];
  test.each(table)("%s", async (_case, rows, ttlSeconds, expected) => {
    expect((await join([{ key: "JFK", at: at(5) }], rows, ttlSeconds))[0]?.wind).toBe(expected);
  });

  test("joins several views on their own keys, leaves out deprecated features and keeps the order of the labels", async () => {
    const route: FeatureEntity = {
      name: "route",
      joinKeys: [
        { name: "airport", type: JoinKeyType.String },
        { name: "flight", type: JoinKeyType.Integral },
      ],
    };
    const delays: FeatureView = {
      ...viewOf("delays"),
      entity: "route",
      eventTime: "moment",
      createdTime: undefined,
      features: [
        { name: "wind", type: FeatureType.Integral },
        { name: "added_just_now", type: FeatureType.String },
        { name: "old", type: FeatureType.String, deprecated: true },
      ],
    };
    const sql = pointInTimeSql({
      labels:
        "(VALUES ('JFK', 7, TIMESTAMP '2026-01-01 05:00:00', true), ('LGA', 7, TIMESTAMP '2026-01-01 01:00:00', false)) t(airport, flight, moment, late)",
      labelTime: "moment",
      views: [
        { view: viewOf("weather"), entity, source: rowsTable([one(2, 11), { ...one(0, 12), key: "LGA" }]) },
        {
          view: delays,
          entity: route,
          source:
            "(VALUES ('JFK', '7', TIMESTAMP '2026-01-01 04:00:00', 4.0), ('JFK', '8', TIMESTAMP '2026-01-01 04:30:00', 5.0)) t(airport, flight, moment, wind)",
        },
      ],
    });
    const reader = await connection.runAndReadAll(sql);
    expect(reader.columnNames()).toEqual([
      "airport",
      "flight",
      "moment",
      "late",
      "weather__wind",
      "delays__wind",
      "delays__added_just_now",
    ]);
    expect(reader.getRowsJS().map((values) => values.slice(3))).toEqual([
      [true, 11, 4n, null],
      [false, 12, null, null],
    ]);
  });
});
