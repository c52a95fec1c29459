/**
 * What the registry keeps about a version besides its artefact. SageMaker stores it as a flat map of texts
 * (`CustomerMetadataProperties`): metrics under their own names beside the fixed fields.
 */
export interface ModelEvidence {
  /** Metrics at the gate. */
  metrics: Record<string, number>;
  /** S3 URI of the baseline profile. */
  baselineUri: string;
  /** S3 URI of `evaluation.json`. */
  evaluationUri: string;
  /** S3 prefix of the data that the version was trained and evaluated on. */
  dataUri: string;
  /** What asked for the training. */
  trigger: string;
  /** Training job that made the artefact. */
  trainingJobName: string;
  /** Execution of the training pipeline. */
  executionName: string;
}

const textFields = [
  "baselineUri",
  "evaluationUri",
  "dataUri",
  "trigger",
  "trainingJobName",
  "executionName",
] as const satisfies (keyof ModelEvidence)[];

const fieldNames: readonly string[] = textFields;

/** SageMaker refuses other characters in a key. */
const keyPattern = /^[\p{L}\p{N}_.:/=+\-@]{1,128}$/u;
/** SageMaker takes at most 50 entries. */
const mostMetrics = 50 - textFields.length;

/**
 * Evidence as SageMaker's map of texts.
 * @throws Error when a metric's name cannot be a key there, or there are too many
 */
export function toMetadata(evidence: ModelEvidence): Record<string, string> {
  const metrics = Object.entries(evidence.metrics);
  if (metrics.length > mostMetrics) {
    throw new Error(
      `The evaluation has ${metrics.length} metrics; the registry takes at most ${mostMetrics}.`,
    );
  }
  for (const [name] of metrics) {
    if (fieldNames.includes(name) || !keyPattern.test(name)) {
      throw new Error(
        `The metric name "${name}" cannot be kept in the registry; use letters, digits, "_", "-" and ".".`,
      );
    }
  }
  return {
    ...Object.fromEntries(metrics.map(([name, value]) => [name, String(value)])),
    ...Object.fromEntries(textFields.map((field) => [field, evidence[field]])),
  };
}

/**
 * Reads evidence back.
 * @throws Error that names the fields which are missing
 */
export function fromMetadata(metadata: Record<string, string>): ModelEvidence {
  const missing = textFields.filter((field) => !metadata[field]);
  if (missing.length > 0) {
    throw new Error(
      `The model package lacks the metadata ${missing.join(", ")}; only versions that the training pipeline registered can be promoted.`,
    );
  }
  const field = (name: (typeof textFields)[number]): string => metadata[name] ?? "";
  const metrics = Object.entries(metadata)
    .filter(([name]) => !fieldNames.includes(name))
    .map(([name, text]): [string, number] => [name, Number(text)])
    .filter(([, value]) => Number.isFinite(value));
  return {
    metrics: Object.fromEntries(metrics),
    baselineUri: field("baselineUri"),
    evaluationUri: field("evaluationUri"),
    dataUri: field("dataUri"),
    trigger: field("trigger"),
    trainingJobName: field("trainingJobName"),
    executionName: field("executionName"),
  };
}
