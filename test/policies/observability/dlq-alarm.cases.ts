import { type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const arn = "arn:aws:sqs:us-east-1:123456789012:dead-1";
const dead = resource("aws:sqs/queue:Queue", "dead", { name: "dead-1", arn });
const lambda = resource("aws:lambda/function:Function", "validator", {
  deadLetterConfig: { targetArn: arn },
});
const alarm = (more: Record<string, unknown> = {}) =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", "dead-alarm", {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: "dead-1" },
    alarmActions: ["arn:aws:sns:us-east-1:123456789012:alerts"],
    ...more,
  });
const unknownDead = resource("aws:sqs/queue:Queue", "dead", { name: unknown, arn: unknown });
const unknownLambda = resource(
  "aws:lambda/function:Function",
  "validator",
  { deadLetterConfig: { targetArn: unknown } },
  { computedFrom: { deadLetterConfig: ["dead"] } },
);
const unknownAlarm = (
  more: Record<string, unknown> = {},
  computedFrom: Record<string, string[]> = { dimensions: ["dead"] },
) => ({
  ...alarm({ dimensions: { QueueName: unknown }, alarmActions: [unknown], ...more }),
  computedFrom,
});
const redriving = resource("aws:sqs/queue:Queue", "work", {
  name: "work-1",
  redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 }),
});

export const dlqAlarmCases: PolicyCases = {
  passing: [
    { it: "has an alarm", resources: [dead, lambda, alarm()] },
    {
      it: "is joined by dependency before its name is known",
      resources: [unknownDead, unknownLambda, unknownAlarm()],
    },
    {
      it: "has an alarm beside one that is not known",
      resources: [dead, lambda, { ...alarm({ alarmActions: unknown }), name: "late-alarm" }, alarm()],
    },
    { it: "is an ordinary queue", resources: [dead] },
  ],
  failing: [
    { it: "has no alarm", resources: [dead, lambda], violations: [["dead", "has no alarm"]] },
    { it: "receives from a queue", resources: [dead, redriving], violations: [["dead", "has no alarm"]] },
    {
      it: "receives from an event target",
      resources: [
        dead,
        resource("aws:cloudwatch/eventTarget:EventTarget", "t", { deadLetterConfig: { arn } }),
      ],
      violations: [["dead", "has no alarm"]],
    },
    {
      it: "receives from a schedule",
      resources: [
        dead,
        resource("aws:scheduler/schedule:Schedule", "s", { target: { deadLetterConfig: { arn } } }),
      ],
      violations: [["dead", "has no alarm"]],
    },
    {
      it: "has an alarm without action",
      resources: [dead, lambda, alarm({ alarmActions: [] })],
      violations: [["dead", "tells nobody"]],
    },
    {
      it: "has an alarm that is off",
      resources: [dead, lambda, alarm({ actionsEnabled: false })],
      violations: [["dead", "tells nobody"]],
    },
    {
      it: "has an alarm on its age",
      resources: [dead, lambda, alarm({ metricName: "ApproximateAgeOfOldestMessage" })],
      violations: [["dead", "has no alarm"]],
    },
    {
      it: "has an alarm on another queue",
      resources: [dead, lambda, alarm({ dimensions: { QueueName: "other" } })],
      violations: [["dead", "has no alarm"]],
    },
    {
      it: "has no alarm before its name is known",
      resources: [unknownDead, unknownLambda],
      violations: [["dead", "has no alarm"]],
    },
  ],
  unknown: [
    {
      it: "has an alarm with unknown actions",
      resources: [unknownDead, unknownLambda, unknownAlarm({ alarmActions: unknown })],
      undecided: ["dead"],
    },
  ],
  notApplicable: [{ it: "has no queue", resources: [unrelated] }],
};
