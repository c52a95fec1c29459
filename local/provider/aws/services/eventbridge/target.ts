import {
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { type CasingRules, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";

type TargetInputs = Plain<aws.cloudwatch.EventTargetArgs>;

const casing: CasingRules = {
  names: {
    targetId: "Id",
    inputPaths: "InputPathsMap",
    httpTarget: "HttpParameters",
    kinesisTarget: "KinesisParameters",
    sqsTarget: "SqsParameters",
    sagemakerPipelineTarget: "SageMakerPipelineParameters",
    pipelineParameterLists: "PipelineParameterList",
  },
  maps: ["inputPaths", "headerParameters", "queryStringParameters"],
};

const fields = [
  "arn",
  "deadLetterConfig",
  "httpTarget",
  "input",
  "inputPath",
  "inputTransformer",
  "kinesisTarget",
  "retryPolicy",
  "roleArn",
  "sagemakerPipelineTarget",
  "sqsTarget",
  "targetId",
] as const;

/** Kinds of target that the sandbox has no use for. */
const unsupported = [
  "appsyncTarget",
  "batchTarget",
  "ecsTarget",
  "redshiftTarget",
  "runCommandTargets",
] as const;

async function putTarget(inputs: TargetInputs, context: HandlerContext): Promise<void> {
  const target = toService<Target>(seen(inputs, [...fields]), casing);
  const { FailedEntries } = await context
    .client(EventBridgeClient)
    .send(new PutTargetsCommand({ Rule: inputs.rule, EventBusName: inputs.eventBusName, Targets: [target] }));
  const [failed] = FailedEntries ?? [];
  if (failed)
    throw new Error(`target ${failed.TargetId} was refused: ${failed.ErrorCode} – ${failed.ErrorMessage}`);
}

export const eventTarget = defineResource<aws.cloudwatch.EventTargetArgs>({
  type: "aws:cloudwatch/eventTarget:EventTarget",
  autoname: { property: "targetId", maximumLength: 64, transform: (name) => name.replace(/[^.\w-]/g, "-") },
  required: ["rule", "arn"],
  replaceOn: ["rule", "eventBusName", "targetId"],
  verbatim: ["input"],
  check: (inputs) =>
    unsupported
      .filter((property) => inputs[property] !== undefined)
      .map((property) => ({
        property,
        reason: `the sandbox does not carry ${property}; use a Lambda, SQS, SNS, Step Functions, event bus, HTTP, Kinesis or SageMaker pipeline target`,
      })),

  async create(inputs, context) {
    const parts = [inputs.rule, inputs.targetId!];
    if (inputs.eventBusName !== undefined && inputs.eventBusName !== "default")
      parts.unshift(inputs.eventBusName);
    const id = parts.join("-");
    await putTarget(inputs, context);
    context.created(id);
    return { id };
  },

  async read(_id, properties, context) {
    const answer = await orMissing(
      context
        .client(EventBridgeClient)
        .send(new ListTargetsByRuleCommand({ Rule: properties.rule, EventBusName: properties.eventBusName })),
    );
    const found = answer?.Targets?.find((target) => target.Id === properties.targetId);
    return found && seen(fieldsFromService(found, casing), [...fields]);
  },

  async update(_id, _olds, news, context) {
    await putTarget(news, context);
  },

  async delete(_id, properties, context) {
    await context.client(EventBridgeClient).send(
      new RemoveTargetsCommand({
        Rule: properties.rule,
        EventBusName: properties.eventBusName,
        Ids: [properties.targetId!],
        Force: properties.forceDestroy,
      }),
    );
  },
});
