import type { ModelPointer } from "../../components/contracts/model-pointer";
import type { Evaluation } from "./evaluation";

/** What a new version must reach; larger values of the metric are better. */
export interface GateRule {
  /** Metric that decides. */
  metric: string;
  /** Smallest value that passes. */
  threshold: number;
  /** How much less than the champion's value still passes. */
  maximumRegression: number;
}

/** The gate's decision with its evidence. */
export interface GateDecision {
  passed: boolean;
  /** One sentence for people. */
  reason: string;
  metric: string;
  /** Value of the new version; absent when the evaluation has none. */
  value?: number;
  threshold: number;
  /** Version that serves now. */
  championVersion?: number;
  /** Its value at its own gate. */
  championValue?: number;
}

/** Sums of binary fractions: 0.90 − 0.01 must not fail 0.89 by a rounding error. */
const tolerance = 1e-9;

/** Decides whether a version may be registered. */
export function decideGate(
  evaluation: Evaluation,
  rule: GateRule,
  champion: ModelPointer | undefined,
): GateDecision {
  const value = evaluation.metrics[rule.metric] ?? undefined;
  const championValue = champion?.metrics[rule.metric];
  const refusal = refusalOf(value, evaluation, rule, champion);
  return {
    passed: refusal === undefined,
    reason: refusal ?? approval(value ?? Number.NaN, rule, champion),
    metric: rule.metric,
    ...(value === undefined ? {} : { value }),
    threshold: rule.threshold,
    ...(champion === undefined ? {} : { championVersion: champion.version }),
    ...(championValue === undefined ? {} : { championValue }),
  };
}

function refusalOf(
  value: number | undefined,
  { metrics, rows }: Evaluation,
  { metric, threshold, maximumRegression }: GateRule,
  champion: ModelPointer | undefined,
): string | undefined {
  if (rows === 0) return "The evaluation saw no held-out rows, so its metrics say nothing.";
  if (value === undefined || !Number.isFinite(value)) {
    const present = Object.keys(metrics).join(", ") || "none";
    return metric in metrics
      ? `The metric ${metric} is not a number.`
      : `The evaluation has no metric ${metric}; it has: ${present}.`;
  }
  if (value < threshold - tolerance) return `${metric} is ${value}; at least ${threshold} is required.`;
  const championValue = champion?.metrics[metric];
  if (championValue !== undefined && value < championValue - maximumRegression - tolerance) {
    return `${metric} is ${value}; version ${champion?.version} serves with ${championValue}, and at most ${maximumRegression} less is allowed.`;
  }
  return undefined;
}

function approval(
  value: number,
  { metric, threshold }: GateRule,
  champion: ModelPointer | undefined,
): string {
  const passes = `${metric} is ${value}; at least ${threshold} is required.`;
  if (champion === undefined) return `${passes} No version serves yet.`;
  const championValue = champion.metrics[metric];
  return championValue === undefined
    ? `${passes} Version ${champion.version} serves and has no ${metric} to compare with.`
    : `${passes} Version ${champion.version} serves with ${championValue}.`;
}
