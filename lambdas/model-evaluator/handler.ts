import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Context } from "aws-lambda";
import { z } from "zod";

import { readChampion } from "../shared/champion";
import { readEnvironment } from "../shared/environment";
import { toMetadata } from "../shared/model-evidence";
import { readText, writeText } from "../shared/objects";
import { buildProfile } from "../shared/profile";
import { parseS3Uri, S3Location, s3Uri } from "../shared/s3-uri";
import { Evaluation, parseEvaluation, parseReference } from "./evaluation";
import { decideGate, GateDecision } from "./gate";
import { settingsSchema } from "./settings";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({ namespace: "mlops/training" });
const s3 = new S3Client({});
const ssm = new SSMClient({});

const requestSchema = z.object({
  modelName: z.string().min(1),
  trainingJobName: z.string().min(1),
  executionName: z.string().min(1),
  modelDataUrl: z.string().startsWith("s3://"),
  /** Prefix with `evaluation.json` and `reference.jsonl`. */
  evaluationPrefix: z.string().startsWith("s3://"),
  dataUri: z.string().startsWith("s3://"),
  trigger: z.string().min(1),
});
type GateRequest = z.infer<typeof requestSchema>;

/** What the training pipeline goes on with. */
export interface GateAnswer {
  decision: GateDecision;
  evaluationUri: string;
  baselineUri: string;
  /** `CustomerMetadataProperties` of the model package. */
  metadata: Record<string, string>;
}

/**
 * The gate of the training pipeline: decides on the evaluation, and leaves the baseline of the training data beside
 * the model. It can run twice on the same job and leaves the same.
 */
export async function handler(event: unknown, context: Context): Promise<GateAnswer> {
  logger.addContext(context);
  const request = requestSchema.parse(event);
  const prefix = request.evaluationPrefix.replace(/\/$/, "");
  const evaluationUri = `${prefix}/evaluation.json`;
  const evaluation = parseEvaluation(await readText(s3, parseS3Uri(evaluationUri)));
  const champion = await readChampion(ssm, settings.CHAMPION_PARAMETER);
  const decision = decideGate(evaluation, ruleOf(), champion);
  const baselineUri = await storeBaseline(`${prefix}/reference.jsonl`, request.modelDataUrl);
  logger.info("The gate decided", { decision, evaluationUri, baselineUri });
  record(request, decision);
  const metadata = toMetadata({
    metrics: finiteMetrics(evaluation),
    baselineUri,
    evaluationUri,
    dataUri: request.dataUri,
    trigger: request.trigger,
    trainingJobName: request.trainingJobName,
    executionName: request.executionName,
  });
  return { decision, evaluationUri, baselineUri, metadata };
}

function ruleOf(): { metric: string; threshold: number; maximumRegression: number } {
  return {
    metric: settings.GATE_METRIC,
    threshold: settings.GATE_THRESHOLD,
    maximumRegression: settings.GATE_MAXIMUM_REGRESSION,
  };
}

async function storeBaseline(referenceUri: string, modelDataUrl: string): Promise<string> {
  const reference = parseReference(await readText(s3, parseS3Uri(referenceUri)));
  const location = besideModel(modelDataUrl);
  await writeText(s3, location, JSON.stringify(buildProfile(reference)), "application/json");
  return s3Uri(location);
}

function besideModel(modelDataUrl: string): S3Location {
  const { bucket, key } = parseS3Uri(modelDataUrl);
  return { bucket, key: key.replace(/[^/]*$/, "baseline.json") };
}

function finiteMetrics({ metrics: values }: Evaluation): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}

function record({ modelName }: GateRequest, { passed, value }: GateDecision): void {
  metrics.addDimension("Model", modelName);
  metrics.addMetric("GatePassed", MetricUnit.Count, passed ? 1 : 0);
  if (value !== undefined) metrics.addMetric("GateValue", MetricUnit.NoUnit, value);
  metrics.publishStoredMetrics();
}
