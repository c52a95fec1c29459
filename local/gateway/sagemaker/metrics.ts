import type { MetricDefinition } from "@aws-sdk/client-sagemaker";

import { nowSeconds, ObservedMetric } from "./job";

/** Reads the metrics that a training job's definitions find in its log lines; the last value of each counts. */
export class MetricReader {
  private readonly patterns: { name: string; pattern: RegExp }[];
  private readonly last = new Map<string, ObservedMetric>();

  constructor(definitions: MetricDefinition[]) {
    this.patterns = definitions.map(({ Name, Regex }) => ({
      name: Name ?? "",
      pattern: new RegExp(Regex ?? ""),
    }));
  }

  read(line: string): void {
    for (const { name, pattern } of this.patterns) {
      const text = pattern.exec(line)?.[1];
      const value = text === undefined || text.trim() === "" ? NaN : Number(text);
      if (Number.isFinite(value)) this.last.set(name, { name, value, timestamp: nowSeconds() });
    }
  }

  values(): ObservedMetric[] {
    return [...this.last.values()];
  }
}
