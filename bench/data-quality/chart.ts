/** The results as a picture: bars of rows a second and of memory for each file. Readable on light and dark pages. */
import type { Measurement } from "./contenders";
import { groupsOf, millions, titleOf } from "./report";

const width = 960;
const labelWidth = 220;
const barHeight = 16;
const gap = 6;
const titleHeight = 30;
const panelWidth = (width - labelWidth) / 2;
/** Room for the number after the longest bar. */
const numberWidth = 110;

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);

export function renderChart(measurements: Measurement[]): string {
  let y = 34;
  const parts: string[] = [];
  for (const group of groupsOf(measurements)) {
    const [first] = group;
    parts.push(text(0, y + 18, `${millions(first!.rows)} rows, ${first!.format.toUpperCase()}`, "title"));
    y += titleHeight;
    const fastest = Math.max(...group.map(({ rowsPerSecond }) => rowsPerSecond ?? 0));
    const largest = Math.max(...group.map(({ peakMegabytes }) => peakMegabytes));
    for (const measurement of group) {
      parts.push(renderBars(measurement, y, fastest, largest));
      y += barHeight + gap;
    }
    y += 12;
  }
  const heads = [
    text(labelWidth, 18, "rows a second (longer is better)", "head"),
    text(labelWidth + panelWidth, 18, "peak memory in MB (shorter is better)", "head"),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="Rows a second and peak memory of each contender">`,
    "<style>text{font:13px system-ui,sans-serif;fill:#1f2933}.title,.head{font-weight:600}.ours{fill:#0b7a75}.other{fill:#9aa5b1}",
    "@media (prefers-color-scheme:dark){text{fill:#e4e7eb}.other{fill:#616e7c}.ours{fill:#2cb1a8}}</style>",
    ...heads,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function renderBars(measurement: Measurement, y: number, fastest: number, largest: number): string {
  const { contender, rowsPerSecond, peakMegabytes, unfinished } = measurement;
  const kind = contender === "validator" ? "ours" : "other";
  const label = text(0, y + 13, titleOf(contender), "label");
  const speed =
    rowsPerSecond === undefined
      ? text(labelWidth, y + 13, unfinished ?? "", "label")
      : bar(labelWidth, y, rowsPerSecond / fastest, rowsPerSecond, kind);
  return [label, speed, bar(labelWidth + panelWidth, y, peakMegabytes / largest, peakMegabytes, kind)].join(
    "\n",
  );
}

function bar(x: number, y: number, share: number, value: number, kind: string): string {
  const length = Math.max(1, Math.round(share * (panelWidth - numberWidth)));
  const label = Math.round(value).toLocaleString("en-US");
  return `<rect class="${kind}" x="${x}" y="${y}" width="${length}" height="${barHeight}" rx="2"/>${text(x + length + 6, y + 13, label, "number")}`;
}

function text(x: number, y: number, content: string, kind: string): string {
  return `<text class="${kind}" x="${x}" y="${y}">${escape(content)}</text>`;
}
