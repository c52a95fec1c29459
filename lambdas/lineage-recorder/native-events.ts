import { z } from "zod";

import {
  LineageDataset,
  LineageEvent,
  lineageDetailType,
  lineageEventSource,
  LineageEventType,
} from "../../components/contracts/lineage-event";
import { runIdOf } from "../shared/lineage";
import { parseS3Uri } from "../shared/s3-uri";
import { parseLineageEvent } from "./open-lineage";

const producer = "https://openlineage.io/producers/mlops-lineage-recorder";
const schemaURL = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

const busEvent = z.object({
  source: z.string(),
  "detail-type": z.string(),
  time: z.iso.datetime({ offset: true }),
  detail: z.unknown(),
});

const execution = z.object({
  executionArn: z.string().startsWith("arn:"),
  stateMachineArn: z.string().startsWith("arn:"),
  status: z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]),
  input: z.string().nullish(),
  output: z.string().nullish(),
});

const approval = z.object({
  ModelPackageArn: z.string().startsWith("arn:"),
  ModelPackageGroupName: z.string().min(1),
  ModelPackageVersion: z.number().int().positive().optional(),
  ModelApprovalStatus: z.string(),
});

/** What the training pipeline was asked for and what it came to; other state machines may give the same fields. */
const trainingData = z.object({
  dataUri: z.string().startsWith("s3://").optional(),
  training: z.object({ modelDataUrl: z.string().startsWith("s3://") }).optional(),
  registered: z.object({ modelPackageArn: z.string().startsWith("arn:") }).optional(),
});

/**
 * The lineage that an event of the bus tells: an OpenLineage event as it is, a training run from the state change of its
 * execution, a deployment from the approval of a model version.
 * @returns undefined for an approval event that takes no version into use
 * @throws Error that says what is wrong with the event
 */
export function lineageOf(event: unknown): LineageEvent | undefined {
  const { source, "detail-type": type, time, detail } = parse(busEvent, event, "event of the bus");
  if (source === lineageEventSource && type === lineageDetailType) return parseLineageEvent(detail);
  if (source === "aws.states") return trainingRun(parse(execution, detail, "state change"), time);
  if (source === "aws.sagemaker") return deployment(parse(approval, detail, "approval"), time);
  throw new Error(`"${type}" of ${source} is no event that tells of lineage.`);
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "event"}: ${message}`);
  throw new Error(`The ${what} cannot be read: ${faults.join("; ")}`);
}

/** Name of an approved or registered model version among the data sets. */
export function modelVersion(modelPackageArn: string): LineageDataset {
  return { namespace: "sagemaker", name: modelPackageArn };
}

/** Name of what serves among the data sets. */
export function deployedModel(modelPackageArn: string): LineageDataset {
  const [, groupAndVersion = modelPackageArn] = modelPackageArn.split(":model-package/");
  return { namespace: "deployment", name: groupAndVersion };
}

function trainingRun(detail: z.infer<typeof execution>, eventTime: string): LineageEvent {
  const asked = dataOf(detail.input);
  const result = dataOf(detail.output);
  const dataUri = asked.dataUri ?? result.dataUri;
  const { training, registered } = result;
  return {
    eventType: typeOf(detail.status),
    eventTime,
    producer,
    schemaURL,
    run: { runId: runIdOf("training", detail.executionArn) },
    job: { namespace: "step-functions", name: detail.stateMachineArn.split(":").at(-1) ?? "" },
    inputs: dataUri === undefined ? [] : [datasetAt(dataUri)],
    outputs: [
      ...(training === undefined ? [] : [datasetAt(training.modelDataUrl)]),
      ...(registered === undefined ? [] : [modelVersion(registered.modelPackageArn)]),
    ],
  };
}

function typeOf(status: z.infer<typeof execution>["status"]): LineageEventType {
  if (status === "RUNNING" || status === "PENDING_REDRIVE") return LineageEventType.Start;
  return status === "SUCCEEDED" ? LineageEventType.Complete : LineageEventType.Fail;
}

function dataOf(json: string | null | undefined): z.infer<typeof trainingData> {
  try {
    const parsed = trainingData.safeParse(JSON.parse(json ?? "{}"));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

function datasetAt(uri: string): LineageDataset {
  const { bucket, key } = parseS3Uri(uri);
  return { namespace: `s3://${bucket}`, name: key };
}

function deployment(detail: z.infer<typeof approval>, eventTime: string): LineageEvent | undefined {
  if (detail.ModelApprovalStatus !== "Approved") return undefined;
  const version = detail.ModelPackageArn;
  return {
    eventType: LineageEventType.Complete,
    eventTime,
    producer,
    schemaURL,
    run: { runId: runIdOf("deployment", version, eventTime) },
    job: { namespace: "model-promotion", name: detail.ModelPackageGroupName },
    inputs: [modelVersion(version)],
    outputs: [deployedModel(version)],
  };
}
