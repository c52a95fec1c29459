import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "./common-args";
import type { LambdaFunctionParts } from "./lambda-function";
import { createServiceRole } from "./service-role";
import { queuePolicy, retryPolicy } from "./watched-queue";

/** An EventBridge rule that calls a function. */
export interface EventTriggerSpec {
  /** Sentence shown in the AWS console. */
  description: string;
  /** Event pattern, as in EventBridge. */
  pattern: pulumi.Input<Record<string, unknown>>;
}

/**
 * Calls a function for every event on the default bus that matches a pattern. What cannot be delivered goes to the
 * function's dead-letter queue. Once per function: the queue has one policy.
 */
export function createEventTrigger(
  name: string,
  spec: EventTriggerSpec,
  target: LambdaFunctionParts,
  common: CommonArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.EventRule {
  const accountId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const rule = new aws.cloudwatch.EventRule(
    name,
    { description: spec.description, eventPattern: pulumi.jsonStringify(spec.pattern), tags: common.tags },
    { parent },
  );
  const permission = new aws.lambda.Permission(
    name,
    {
      action: "lambda:InvokeFunction",
      function: target.function.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
      sourceAccount: accountId,
    },
    { parent },
  );
  const undelivered = new aws.sqs.QueuePolicy(
    name,
    {
      queueUrl: target.deadLetterQueue.id,
      policy: queuePolicy(target.deadLetterQueue, rule, parent),
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      arn: target.function.arn,
      retryPolicy,
      deadLetterConfig: { arn: target.deadLetterQueue.arn },
    },
    { parent, dependsOn: [permission, undelivered] },
  );
  return rule;
}

/** A schedule that calls a function. */
export interface ScheduleSpec {
  /** Sentence shown in the AWS console. */
  description: string;
  /** `rate(1 hour)` or `cron(0 3 ? * SUN *)`, in UTC. */
  expression: pulumi.Input<string>;
  /** What the function is called with. */
  input: Record<string, string>;
}

/** Calls a function on a schedule. What cannot be delivered goes to the function's dead-letter queue. */
export function createSchedule(
  name: string,
  spec: ScheduleSpec,
  target: LambdaFunctionParts,
  common: CommonArgs,
  parent: pulumi.Resource,
): aws.scheduler.Schedule {
  const { role, policy } = createServiceRole(
    `${name}-schedule`,
    {
      service: "scheduler.amazonaws.com",
      statements: [
        { sid: "Call", actions: ["lambda:InvokeFunction"], resources: [target.function.arn] },
        { sid: "DeadLetters", actions: ["sqs:SendMessage"], resources: [target.deadLetterQueue.arn] },
        ...(common.kmsKeyArn === undefined
          ? []
          : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [common.kmsKeyArn] }]),
      ],
    },
    common,
    parent,
  );
  return new aws.scheduler.Schedule(
    name,
    {
      description: spec.description,
      scheduleExpression: spec.expression,
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: common.kmsKeyArn,
      target: {
        arn: target.function.arn,
        roleArn: role.arn,
        input: JSON.stringify(spec.input),
        retryPolicy,
        deadLetterConfig: { arn: target.deadLetterQueue.arn },
      },
    },
    { parent, dependsOn: policy === undefined ? [] : [policy] },
  );
}
