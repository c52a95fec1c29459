import type { ServiceEvent } from "../events";
import { describe } from "./describe";
import { Job, JobKind } from "./job";

const timeFields = /Time$/;

/** EventBridge carries SageMaker's times as milliseconds since 1970. */
function inMilliseconds(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => inMilliseconds(item));
  if (typeof value === "number" && timeFields.test(name)) return Math.round(value * 1000);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inMilliseconds(item, key)]));
}

/** "SageMaker Training Job State Change" or "SageMaker Processing Job State Change". */
export function jobEvent(job: Job): ServiceEvent {
  const kind = job.kind === JobKind.Training ? "Training" : "Processing";
  return {
    source: "aws.sagemaker",
    detailType: `SageMaker ${kind} Job State Change`,
    resources: [job.arn],
    detail: {
      ...(inMilliseconds(describe(job)) as Record<string, unknown>),
      Tags: Object.fromEntries(job.tags.map((tag) => [tag.Key, tag.Value])),
    },
  };
}
