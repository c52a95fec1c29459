import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Engine, openEngine, sqlName, sqlText, sqlTexts } from "../../../lambdas/shared/duckdb";

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "engine-test-"));
  engine = await openEngine({ memoryMegabytes: 256, folder });
});
afterAll(() => {
  engine.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

test.each(["plain", "it's", `"quoted"`, "a\\b", "", "ü\n"])(
  "texts and names survive quoting: %j",
  async (text) => {
    const name = text === "" ? "x" : text;
    expect(
      await engine.rows(`SELECT ${sqlText(text)} AS ${sqlName(name)}, ${sqlTexts([text])} AS list`),
    ).toEqual([{ [name]: text, list: [text] }]);
  },
);

test("the formats that are needed are built in, and no other extension is looked for", async () => {
  const names = await engine.rows<{ n: string }>(
    "SELECT extension_name AS n FROM duckdb_extensions() WHERE loaded",
  );
  expect(names.map(({ n }) => n)).toEqual(
    expect.arrayContaining(["core_functions", "icu", "json", "parquet"]),
  );
  await expect(engine.run("FROM read_parquet('s3://bucket/key')")).rejects.toThrow(/httpfs/);
});

test("times without an offset are UTC", async () => {
  const [row] = await engine.rows<{ t: number }>("SELECT epoch(TIMESTAMPTZ '2026-01-01 00:00:00') AS t");
  expect(row?.t).toBe(Date.UTC(2026, 0, 1) / 1000);
});

test("several streams are open at once, each in order", async () => {
  const [one, two] = [engine, engine].map((of) =>
    of.stream<[number]>("SELECT range::DOUBLE FROM range(10000)"),
  );
  for (let i = 0; i < 10_000; i++) {
    expect((await one?.next())?.value).toEqual([i]);
    expect((await two?.next())?.value).toEqual([i]);
  }
});
