/** The benchmark at its smallest size: every contender runs and finds the same bad rows, and limits are kept. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { contenders } from "../../bench/data-quality/contenders";
import { BenchFormat } from "../../bench/data-quality/flights";
import { runBench } from "../../bench/data-quality/run";

jest.setTimeout(600_000);

// Below the project, because the bundled validator finds its packages there.
const scratch = path.join(__dirname, "../../.local/bench/data-quality-test");
const output = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
const options = {
  sizes: [100_000],
  formats: [BenchFormat.Csv, BenchFormat.Parquet],
  contenders,
  limits: { seconds: 300, megabytes: 8000 },
  output,
  scratch,
  progress: console.log,
};

afterAll(() => {
  fs.rmSync(output, { recursive: true });
  fs.rmSync(scratch, { recursive: true, force: true });
});

test("every contender finds the bad rows that were put there, in both formats", async () => {
  const { measurements } = await runBench(options);
  const found = measurements.map(({ contender, format, badRows }) => `${format} ${contender} ${badRows}`);
  expect(found).toEqual(
    ["csv", "parquet"].flatMap((format) => [
      `${format} validator 1935`,
      `${format} pandas 1935`,
      `${format} pandera 1935`,
      // Both rows of each of the 18 repeated keys.
      `${format} great-expectations 1953`,
      `${format} great-expectations-checks 1953`,
    ]),
  );
  expect(measurements.every(({ peakMegabytes }) => peakMegabytes > 20)).toBe(true);
  expect(fs.readdirSync(output).sort()).toEqual(["README.md", "chart.svg", "results.json"]);
});

test("a contender that needs too much did not finish, and is not tried on more", async () => {
  const { measurements } = await runBench({
    ...options,
    sizes: [100_000, 110_000],
    formats: [BenchFormat.Parquet],
    contenders: contenders.filter(({ id }) => id === "pandas"),
    limits: { seconds: 300, megabytes: 50 },
  });
  expect(measurements).toMatchObject([
    { unfinished: "did not finish within 50 MB of memory", rows: 100_000 },
  ]);
});
