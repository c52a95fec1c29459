import type { ColumnStatistics } from "./statistics";
import type { DeliveryTrend } from "./quality-report";

/** A text within HTML. */
export function escaped(text: string | number): string {
  return String(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A number for people: at most four significant digits, thousands apart. */
export function shownNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  const digits = Math.abs(value) >= 1000 ? 0 : 4;
  return digits === 0
    ? Math.round(value).toLocaleString("en-US")
    : Number(value.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 6 });
}

/** A share for people. */
export function shownShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.01) return "< 0.01 %";
  return `${Number(percent.toFixed(percent < 1 ? 2 : 1))} %`;
}

const width = 320;
const height = 84;

/** A histogram, with the first and the last bin open towards the outliers. */
export function histogramPlot(
  { edges, counts }: NonNullable<ColumnStatistics["histogram"]>,
  label: (edge: number) => string,
): string {
  const largest = Math.max(1, ...counts);
  const step = width / counts.length;
  const bars = counts.map((count, i) => {
    const bar = count === 0 ? 0 : Math.max(1, (count / largest) * height);
    const from = i === 0 ? "up to" : `${label(edges[i - 1] ?? 0)} to`;
    const to = i === edges.length ? "more" : label(edges[i] ?? 0);
    return `<rect x="${(i * step + 0.5).toFixed(1)}" y="${(height - bar).toFixed(1)}" width="${Math.max(0.5, step - 1).toFixed(1)}" height="${bar.toFixed(1)}"><title>${escaped(`${from} ${to}: ${shownNumber(count)} rows`)}</title></rect>`;
  });
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="Histogram">${bars.join("")}</svg>
<div class="axis"><span>${escaped(label(edges[0] ?? 0))}</span><span>${escaped(label(edges.at(-1) ?? 0))}</span></div>`;
}

/** Bars of the most frequent values. */
export function topValuesPlot(values: NonNullable<ColumnStatistics["topValues"]>, rows: number): string {
  const shown = values.slice(0, 6);
  const largest = Math.max(1, ...shown.map((value) => value.rows));
  const bars = shown.map(
    ({
      value,
      rows: count,
    }) => `<div class="bar"><span class="name" title="${escaped(value)}">${escaped(value)}</span>
<span class="track"><span class="fill" style="width:${((count / largest) * 100).toFixed(1)}%"></span></span><span class="amount">${shownShare(count / Math.max(1, rows))}</span></div>`,
  );
  const further = values.length - shown.length;
  return `<div class="bars">${bars.join("")}</div>${further > 0 ? `<p class="note">and ${further}${values.length === 50 ? " or more" : ""} other values</p>` : ""}`;
}

/** A bar for a share of missing values. */
export function shareBar(share: number): string {
  return `<span class="track"><span class="fill warn" style="width:${(share * 100).toFixed(2)}%"></span></span>`;
}

/** Rows of earlier deliveries as bars, this one last and in another colour. */
export function trendPlot(history: readonly DeliveryTrend[], rows: number): string {
  const entries = [
    ...history.map((delivery) => ({ ...delivery, now: false })),
    { at: "this delivery", rows, now: true },
  ];
  const largest = Math.max(1, ...entries.map((entry) => entry.rows));
  const step = width / Math.max(8, entries.length);
  const bars = entries.map((entry, i) => {
    const bar = entry.rows === 0 ? 0 : Math.max(1, (entry.rows / largest) * height);
    return `<rect class="${entry.now ? "now" : ""}" x="${(i * step + 1).toFixed(1)}" y="${(height - bar).toFixed(1)}" width="${(step - 2).toFixed(1)}" height="${bar.toFixed(1)}"><title>${escaped(`${entry.at}: ${shownNumber(entry.rows)} good rows`)}</title></rect>`;
  });
  return `<svg class="plot trend" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="Good rows by delivery">${bars.join("")}</svg>
<div class="axis"><span>${escaped(history[0]?.at.slice(0, 10) ?? "")}</span><span>this delivery</span></div>`;
}
