import type { FeatureDrift } from "./measure-drift";

/** Whether drift could be measured. */
export enum DriftStatus {
  /** There is a value. */
  Measured = "measured",
  /** No version has been promoted yet, so there is nothing to compare with. */
  NoChampion = "no-champion",
  /** The window holds no records. */
  NoRecords = "no-records",
  /** The window holds fewer records than a comparison needs. */
  TooFewRecords = "too-few-records",
}

/** Result of one run of the monitor. */
export interface DriftReport {
  model: string;
  /** Registry version whose baseline was used. */
  version?: number;
  /** ISO 8601 in UTC. */
  windowStart: string;
  windowEnd: string;
  status: DriftStatus;
  /** One sentence for people. */
  summary: string;
  predictions: number;
  unreadableLines: number;
  threshold: number;
  /** Largest population stability index; absent when it was not measured. */
  drift?: number;
  /** Every feature, the one that moved most first; empty when drift was not measured. */
  features: FeatureDrift[];
}

/** The sentence that tells what a run found. */
export function summarize(report: Omit<DriftReport, "summary">, minimumRecords: number): string {
  switch (report.status) {
    case DriftStatus.NoChampion:
      return `No version of ${report.model} has been promoted yet; there is no baseline to compare with.`;
    case DriftStatus.NoRecords:
      return `No predictions were captured from ${report.windowStart} to ${report.windowEnd}; drift is unknown.`;
    case DriftStatus.TooFewRecords:
      return `${report.predictions} predictions are fewer than the ${minimumRecords} that a comparison needs; drift is unknown.`;
    case DriftStatus.Measured: {
      const [worst] = report.features;
      const side = (report.drift ?? 0) > report.threshold ? "above" : "within";
      return `${worst?.feature} moved most: population stability index ${report.drift?.toFixed(3)}, ${side} the threshold ${report.threshold}.`;
    }
  }
}

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? "");

/** The report as one page with bars: the baseline above the window, bin by bin. */
export function renderHtml(report: DriftReport): string {
  const title = `Drift of ${report.model}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title><style>
body{font:14px system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td{padding:1px 6px}td:first-child{width:14rem}
.baseline,.window{height:7px;margin:1px 0}.baseline{background:#9ca3af}.window{background:#2563eb}.over{color:#b91c1c}
</style></head><body>
<h1>${escape(title)}</h1>
<p>${escape(report.summary)}</p>
<p>Window ${escape(report.windowStart)} to ${escape(report.windowEnd)}; ${report.predictions} predictions, ${
    report.unreadableLines
  } unreadable lines; baseline of version ${report.version ?? "none"}. Grey: training, blue: window.</p>
${report.features.map((feature) => featureSection(feature, report.threshold)).join("\n")}
</body></html>
`;
}

function featureSection(drift: FeatureDrift, threshold: number): string {
  const total = (counts: number[]): number =>
    Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    );
  const percent = (count: number | undefined, of: number): string => (((count ?? 0) / of) * 100).toFixed(1);
  const [baselineTotal, windowTotal] = [total(drift.baseline), total(drift.window)];
  const rows = drift.bins.map((bin, i) => {
    const before = percent(drift.baseline[i], baselineTotal);
    const after = percent(drift.window[i], windowTotal);
    return `<tr><td>${escape(bin)}</td><td><div class="baseline" style="width:${before}%"></div><div class="window" style="width:${after}%"></div></td><td>${before} % → ${after} %</td></tr>`;
  });
  const over = drift.populationStabilityIndex > threshold ? ' class="over"' : "";
  return `<h2${over}>${escape(drift.feature)}: ${drift.populationStabilityIndex.toFixed(3)}</h2><table>${rows.join("")}</table>`;
}
