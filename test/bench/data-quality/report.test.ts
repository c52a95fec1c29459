import { renderChart } from "../../../bench/data-quality/chart";
import { contenders, type Measurement } from "../../../bench/data-quality/contenders";
import { renderMarkdown } from "../../../bench/data-quality/report";
import { readOptions } from "../../../bench/data-quality/run";

const measurement = (contender: string, changes: Partial<Measurement> = {}): Measurement => ({
  contender,
  format: "csv",
  rows: 1_000_000,
  bytes: 93_000_000,
  workSeconds: 2,
  processSeconds: 3,
  processorSeconds: 4,
  rowsPerSecond: 500_000,
  peakMegabytes: 300,
  badRows: 25_000,
  ...changes,
});

const measurements = [
  measurement("validator"),
  measurement("great-expectations", { workSeconds: 24, rowsPerSecond: 41_667, peakMegabytes: 3000 }),
  measurement("pandera", {
    workSeconds: undefined,
    rowsPerSecond: undefined,
    unfinished: "did not finish within 600 s",
  }),
  measurement("validator", { rows: 10_000_000, peakMegabytes: 330 }),
];
const results = {
  machine: {
    processor: "A processor",
    cores: 2,
    memoryGigabytes: 24,
    system: "Linux",
    node: "20",
    loadAtStart: 0.1,
    packages: { pandas: "3" },
  },
  limits: { seconds: 600, megabytes: 16_000 },
  measurements,
};

test("the page compares each contender with ours, and is honest about one that did not finish", () => {
  const page = renderMarkdown(results);
  expect(page).toContain("## 1 million rows, CSV, 93 MB");
  expect(page).toContain("| Our validator | 500,000 | 2.00 | 3.00 | 4.00 | 300 | – | – |");
  expect(page).toContain("| Great Expectations | 41,667 | 24.00 | 3.00 | 4.00 | 3,000 | 12 × | 10 % |");
  expect(page).toContain("| pandera | did not finish within 600 s | – | 3.0 | 4.0 | ≥ 300 | – | – |");
  expect(page).toContain("| Our validator | csv | 300 at 1 million | 330 at 10 million | 1.1 × |");
});

test("the chart is an SVG with a bar or a sentence for each measurement", () => {
  const chart = renderChart(measurements);
  expect(chart.match(/<rect /g)).toHaveLength(2 * measurements.length - 1);
  expect(chart).toContain("did not finish within 600 s");
  const opened = chart.match(/<(svg|style|text)\b/g)!.length;
  expect(chart.match(/<\/(svg|style|text)>/g)).toHaveLength(opened);
});

const options = {
  sizes: "0.1,1",
  formats: "csv",
  contenders: "validator,pandas",
  minutes: "10",
  megabytes: "16000",
  output: "results",
};

test("options become numbers and contenders", () => {
  const read = readOptions(options);
  expect(read).toMatchObject({ sizes: [100_000, 1_000_000], limits: { seconds: 600, megabytes: 16_000 } });
  expect(read.contenders).toEqual(contenders.slice(0, 2));
});

test.each([
  [{ sizes: "ten" }, '--sizes: "ten" was given; a number above 0 is needed.'],
  [{ formats: "avro" }, "--formats: avro was given; allowed are csv, parquet."],
  [
    { contenders: "me" },
    "--contenders: me was given; allowed are validator, pandas, pandera, great-expectations,",
  ],
  [{ minutes: "0" }, '--minutes: "0" was given; a number above 0 is needed.'],
])("a wrong option is named: %j", (changes, words) => {
  expect(() => readOptions({ ...options, ...changes })).toThrow(words);
});
