import { ColumnContract, ColumnType, DataContract } from "../../components/contracts/data-contract";
import type { QualityReport } from "./quality-report";
import {
  escaped,
  histogramPlot,
  shareBar,
  shownNumber,
  shownShare,
  topValuesPlot,
  trendPlot,
} from "./report-plots";
import { reportStyle } from "./report-style";
import type { ColumnStatistics } from "./statistics";
import { Outcome } from "./verdict";

const states: Record<Outcome, string> = {
  [Outcome.Curated]: "Accepted: every row went to the curated zone.",
  [Outcome.Split]: "Accepted in part: the good rows went to the curated zone, the bad ones to quarantine.",
  [Outcome.Quarantined]: "Stopped: the file is in quarantine as it was delivered. Nothing of it went on.",
};

/** Columns that a page shows; a page of thousands would not open on a phone. */
const mostColumns = 120;

/**
 * A report as a page for people: one HTML file that needs nothing else, with no script in it. Every text of the delivery
 * is escaped.
 */
export function renderReport(report: QualityReport, contract: DataContract): string {
  const title = `${report.contract.dataset}: ${report.outcome}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${reportStyle}</style></head><body><main>
${verdict(report)}
${counts(report)}
${anomalies(report)}
${reasons(report)}
${examples(report)}
${trend(report)}
${missing(report)}
${columns(report, contract)}
<p class="note">Contract ${escaped(report.contract.dataset)} ${escaped(report.contract.version)} · run ${escaped(report.runId)}${report.versionId === undefined ? "" : ` · version ${escaped(report.versionId)}`}. Distinct values and quantiles are estimates; the statistics are of the good rows.</p>
</main></body></html>
`;
}

function verdict({ key, outcome, fileFaults, deliveredAt, contract }: QualityReport): string {
  const faults =
    fileFaults.length > 0
      ? `<ul>${fileFaults.map((fault) => `<li>${escaped(fault)}</li>`).join("")}</ul>`
      : "";
  const arrived = `${deliveredAt.slice(0, 10)} ${deliveredAt.slice(11, 16)} UTC`;
  return `<section class="verdict ${outcome}"><h1>${escaped(key)}</h1><p class="state">${states[outcome]}</p>${faults}
<p class="soft">Data set ${escaped(contract.dataset)}, delivered ${escaped(arrived)}</p></section>`;
}

function counts({ totalRows, goodRows, badRows, duplicateRows }: QualityReport): string {
  if (totalRows === 0) return "";
  const count = (name: string, rows: number): string =>
    `<div class="count"><span class="soft">${name}</span><b>${shownNumber(rows)}</b><span class="soft">${shownShare(rows / totalRows)}</span></div>`;
  return `<div class="counts">${count("Rows", totalRows)}${count("Good", goodRows)}${count("Bad", badRows)}${duplicateRows > 0 ? count("Duplicates", duplicateRows) : ""}</div>`;
}

function anomalies({ anomalies: found }: QualityReport): string {
  if (found.length === 0) return "";
  return `<h2>Unlike earlier deliveries</h2><div class="card"><ul>${found.map(({ message }) => `<li>${escaped(message)}</li>`).join("")}</ul></div>`;
}

function reasons({ reasons: kinds, totalRows }: QualityReport): string {
  if (kinds.length === 0) return "";
  const lines = kinds.map(
    ({ reason, rows }) =>
      `<tr><td>${escaped(reason)}</td><td class="number">${shownNumber(rows)}</td><td class="number">${shownShare(rows / Math.max(1, totalRows))}</td></tr>`,
  );
  return `<h2>Why rows are bad</h2><div class="scroll"><table><tr><th>Reason</th><th class="number">Rows</th><th class="number">Share</th></tr>${lines.join("")}</table></div>`;
}

function examples({ examples: rows, badRows }: QualityReport): string {
  if (rows.length === 0) return "";
  const lines = rows.map(
    ({ row, reasons: sentences }) =>
      `<tr><td class="number">${shownNumber(row)}</td><td>${sentences.map(escaped).join("<br>")}</td></tr>`,
  );
  const which =
    badRows > rows.length ? `The first ${rows.length} of ${shownNumber(badRows)} bad rows` : "Bad rows";
  return `<h2>${which}</h2><div class="scroll"><table><tr><th class="number">Row</th><th>Reasons</th></tr>${lines.join("")}</table></div>`;
}

function trend({ history, goodRows }: QualityReport): string {
  if (history.length === 0) return "";
  const mean = history.reduce((sum, { rows }) => sum + rows, 0) / history.length;
  return `<h2>Good rows by delivery</h2><div class="card">${trendPlot(history, goodRows)}
<p class="note">The ${history.length} deliveries before had ${shownNumber(Math.round(mean))} good rows on average; this one has ${shownNumber(goodRows)}.</p></div>`;
}

function missing({ columns: all, goodRows, history }: QualityReport): string {
  const withNulls = all.filter(({ nulls }) => nulls > 0).sort((a, b) => b.nulls - a.nulls);
  if (withNulls.length === 0 || goodRows === 0) return "";
  const lines = withNulls.slice(0, mostColumns).map(({ name, nulls }) => {
    const before = history.map((delivery) => delivery.missing[name] ?? 0);
    const mean = before.reduce((sum, share) => sum + share, 0) / Math.max(1, before.length);
    return `<tr><td>${escaped(name)}</td><td style="width:40%">${shareBar(nulls / goodRows)}</td><td class="number">${shownShare(nulls / goodRows)}</td><td class="number">${before.length > 0 ? shownShare(mean) : "–"}</td></tr>`;
  });
  return `<h2>Missing values</h2><div class="scroll"><table><tr><th>Column</th><th></th><th class="number">Now</th><th class="number">Before</th></tr>${lines.join("")}</table></div>`;
}

function columns({ columns: all, goodRows }: QualityReport, contract: DataContract): string {
  if (all.length === 0 || goodRows === 0) return "";
  const byName = new Map(contract.columns.map((column) => [column.name, column]));
  const cards = all.slice(0, mostColumns).map((entry) => columnCard(entry, byName.get(entry.name), goodRows));
  const further = all.length - cards.length;
  return `<h2>Columns</h2><div class="grid">${cards.join("")}</div>${further > 0 ? `<p class="note">${further} further columns are in the JSON report.</p>` : ""}`;
}

function columnCard(entry: ColumnStatistics, contract: ColumnContract | undefined, rows: number): string {
  const label = labelOf(entry.type);
  const facts = [
    ["distinct", `≈ ${shownNumber(Math.min(entry.distinct, rows - entry.nulls))}`],
    ...(entry.nulls > 0 ? [["missing", shownShare(entry.nulls / rows)]] : []),
    ...(entry.minimum === undefined ? [] : [["min", label(entry.minimum)]]),
    ...(entry.mean === undefined ? [] : [["mean", label(entry.mean)]]),
    ...(entry.quantiles === undefined ? [] : [["median", label(entry.quantiles[6] ?? 0)]]),
    ...(entry.maximum === undefined ? [] : [["max", label(entry.maximum)]]),
  ];
  const list = facts
    .map(([name = "", value = ""]) => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>`)
    .join("");
  const type = `${entry.type}${contract?.nullable ? ", may be missing" : ""}`;
  return `<article class="card"><header><h3>${escaped(entry.name)}</h3><span class="soft">${type}</span></header>${plot(entry, label, rows)}<dl class="facts">${list}</dl></article>`;
}

function plot(entry: ColumnStatistics, label: (value: number) => string, rows: number): string {
  if (entry.personal) return `<p class="note">Personal data: values are not shown.</p>`;
  if (entry.histogram !== undefined) return histogramPlot(entry.histogram, label);
  const values = entry.topValues ?? [];
  // Where every value is another one, none is more frequent.
  if (values.length === 0 || values[0]?.rows === 1)
    return `<p class="note">Nearly every value is different.</p>`;
  return topValuesPlot(values, rows);
}

function labelOf(type: ColumnType): (value: number) => string {
  if (type !== ColumnType.Timestamp) return shownNumber;
  return (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
}
