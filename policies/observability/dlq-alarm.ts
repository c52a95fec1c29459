import type { PolicyResource } from "@pulumi/policy";

import { refersTo } from "../shared/join";
import { countAt, flagAt, isUnknownValueError, parsed, textAt, valueAt } from "../shared/read";
import {
  eventTarget,
  lambdaEventInvokeConfig,
  lambdaEventSourceMapping,
  lambdaFunction,
  metricAlarm,
  queue,
  redrivePolicy,
  schedule,
  topicSubscription,
} from "../shared/resource-types";
import { stackPolicy } from "../shared/stack-policy";
import { wellArchitected } from "../shared/standards";
import { someCertainly } from "../shared/undecided";

/** Properties that name a dead-letter queue by its ARN. */
const deadLetterPaths: Record<string, [string, ...string[]]> = {
  [lambdaFunction]: ["deadLetterConfig", "targetArn"],
  [lambdaEventInvokeConfig]: ["destinationConfig", "onFailure", "destination"],
  [lambdaEventSourceMapping]: ["destinationConfig", "onFailure", "destinationArn"],
  [eventTarget]: ["deadLetterConfig", "arn"],
  [schedule]: ["target", "deadLetterConfig", "arn"],
};

/** Whether a redrive policy, which is JSON in a text, sends failed messages to a queue. */
function redrivesTo(source: PolicyResource, target: PolicyResource): boolean {
  try {
    const policy = parsed(valueAt(source.props, "redrivePolicy"));
    const arn = textAt(policy, "deadLetterTargetArn");
    return arn !== undefined && arn === textAt(target.props, "arn");
  } catch (error) {
    if (!isUnknownValueError(error)) throw error;
    return (source.propertyDependencies["redrivePolicy"] ?? []).some(({ urn }) => urn === target.urn);
  }
}

function sendsDeadLettersTo(source: PolicyResource, target: PolicyResource): boolean {
  if (source.urn === target.urn) return false;
  if ([queue, redrivePolicy, topicSubscription].includes(source.type)) return redrivesTo(source, target);
  const path = Object.hasOwn(deadLetterPaths, source.type) ? deadLetterPaths[source.type] : undefined;
  return path !== undefined && refersTo(source, path, target, ["arn"]);
}

function watches(alarm: PolicyResource, target: PolicyResource): boolean {
  return (
    alarm.type === metricAlarm &&
    textAt(alarm.props, "namespace") === "AWS/SQS" &&
    textAt(alarm.props, "metricName") === "ApproximateNumberOfMessagesVisible" &&
    refersTo(alarm, ["dimensions", "QueueName"], target, ["name"])
  );
}

function tellsSomebody({ props }: PolicyResource): boolean {
  return countAt(props, "alarmActions") > 0 && flagAt(props, "actionsEnabled") !== false;
}

export const dlqAlarm = stackPolicy({
  id: "dlq-alarm",
  description: "Every dead-letter queue has an alarm that tells somebody when a message lands in it.",
  severity: "high",
  pillar: "reliability",
  framework: wellArchitected("REL06-BP03", "Send notifications"),
  sources: [],
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html",
  remediationSteps:
    "Add a MetricAlarm on AWS/SQS ApproximateNumberOfMessagesVisible with the queue's name as dimension QueueName, threshold 0, GreaterThanThreshold, and a topic in alarmActions.",
  types: [queue],
  check: (subject, { resources, report }) => {
    if (!someCertainly(resources, (source) => sendsDeadLettersTo(source, subject))) return;
    if (someCertainly(resources, (alarm) => watches(alarm, subject) && tellsSomebody(alarm))) return;
    const required = "a dead-letter queue must have an alarm with an action on its visible messages";
    if (resources.some((alarm) => watches(alarm, subject))) {
      const wayOut = "put a topic into alarmActions of that alarm and leave its actions enabled";
      const found = "receives dead letters and has an alarm that tells nobody";
      return report(subject, { found, required, wayOut });
    }
    report(subject, {
      found: "receives dead letters and has no alarm",
      required,
      wayOut:
        "add a MetricAlarm on ApproximateNumberOfMessagesVisible of this queue with a topic in alarmActions",
    });
  },
});
