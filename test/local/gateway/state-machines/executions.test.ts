import type { HistoryEvent } from "@aws-sdk/client-sfn";

import { countActivities } from "../../../../local/gateway/state-machines/executions";
import { errorName } from "../../../../local/gateway/state-machines/integrations";

const activity = "arn:aws:states:us-east-1:123456789012:activity:gateway_sagemaker_createTrainingJob.sync";

it("counts what was scheduled and what ended, for activities alone", () => {
  const base = { timestamp: new Date(0), id: 1 };
  const events = [
    { ...base, type: "TaskScheduled", taskScheduledEventDetails: { resource: activity } },
    { ...base, type: "TaskFailed", taskFailedEventDetails: { resource: activity } },
    { ...base, type: "TaskScheduled", taskScheduledEventDetails: { resource: activity } },
    { ...base, type: "TaskSucceeded", taskSucceededEventDetails: { resource: activity } },
    { ...base, type: "TaskScheduled", taskScheduledEventDetails: { resource: activity } },
    {
      ...base,
      type: "TaskScheduled",
      taskScheduledEventDetails: { resource: "arn:aws:states:::sns:publish" },
    },
  ] as HistoryEvent[];
  expect([...countActivities(events)]).toEqual([[activity, { scheduled: 3, finished: 2 }]]);
});

test.each([
  ["ResourceInUse", false, "SageMaker.ResourceInUseException"],
  ["ResourceLimitExceeded", true, "SageMaker.ResourceLimitExceededException"],
  ["ConflictException", true, "SageMaker.ConflictException"],
  ["ValidationException", false, "SageMaker.AmazonSageMakerException"],
  ["ValidationException", true, "SageMaker.SageMakerException"],
])("the error %s (aws-sdk: %s) is %s", (name, generic, expected) => {
  expect(errorName(name, generic)).toBe(expected);
});
