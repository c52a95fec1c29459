import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  type DescribeStateMachineOutput,
  type EncryptionConfiguration,
  ListStateMachineVersionsCommand,
  type LoggingConfiguration,
  type LogLevel,
  SFNClient,
  type StateMachineType,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext, type Plain, type Properties } from "../../framework/types";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { changeTags, readTags, toLowerTagList } from "./tagging";

type MachineInputs = Plain<aws.sfn.StateMachineArgs>;

function logging(inputs: MachineInputs): LoggingConfiguration {
  const { level = "OFF", includeExecutionData = false, logDestination } = inputs.loggingConfiguration ?? {};
  return {
    level: level as LogLevel,
    includeExecutionData,
    destinations:
      logDestination === undefined ? [] : [{ cloudWatchLogsLogGroup: { logGroupArn: logDestination } }],
  };
}

function settings(inputs: MachineInputs) {
  return {
    definition: inputs.definition,
    roleArn: inputs.roleArn,
    loggingConfiguration: logging(inputs),
    tracingConfiguration: { enabled: inputs.tracingConfiguration?.enabled ?? false },
    encryptionConfiguration: inputs.encryptionConfiguration as EncryptionConfiguration | undefined,
    publish: inputs.publish,
  };
}

/** The logging settings that were answered, undefined where they are AWS's own of a machine without any. */
function loggingOf(answer: LoggingConfiguration | undefined): Properties | undefined {
  const logDestination = answer?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  if (!answer || (answer.level === "OFF" && logDestination === undefined)) return undefined;
  return { level: answer.level, includeExecutionData: answer.includeExecutionData ?? false, logDestination };
}

async function newestVersionArn(
  stateMachineArn: string,
  context: HandlerContext,
): Promise<string | undefined> {
  const { stateMachineVersions = [] } = await context
    .client(SFNClient)
    .send(new ListStateMachineVersionsCommand({ stateMachineArn, maxResults: 1 }));
  return stateMachineVersions[0]?.stateMachineVersionArn;
}

export const stateMachine = defineResource<aws.sfn.StateMachineArgs>({
  type: "aws:sfn/stateMachine:StateMachine",
  autoname: { property: "name", maximumLength: 80, transform: (name) => name.replace(/[^\w-]/g, "-") },
  required: ["definition", "roleArn"],
  replaceOn: ["name", "type"],
  taggable: true,
  computed: ["arn", "creationDate", "revisionId", "stateMachineVersionArn", "status", "description"],
  changedByUpdate: ["revisionId", "stateMachineVersionArn"],

  async create(inputs, context) {
    const { stateMachineArn } = await context.client(SFNClient).send(
      new CreateStateMachineCommand({
        ...settings(inputs),
        name: inputs.name,
        type: (inputs.type ?? "STANDARD") as StateMachineType,
        tags: toLowerTagList(inputs.tags),
      }),
    );
    context.created(stateMachineArn!);
    return { id: stateMachineArn! };
  },

  async read(id, properties, context) {
    const found = await orMissing(
      context.client(SFNClient).send(new DescribeStateMachineCommand({ stateMachineArn: id })),
    );
    if (!found || found.status === "DELETING") return undefined;
    return {
      name: found.name,
      arn: found.stateMachineArn,
      definition: found.definition,
      roleArn: found.roleArn,
      type: found.type,
      status: found.status,
      creationDate: found.creationDate?.toISOString(),
      revisionId: found.revisionId,
      // What is off may be given as "off" or left out; both are kept as the program writes them.
      ...(found.loggingConfiguration && {
        loggingConfiguration:
          loggingOf(found.loggingConfiguration) ?? offAsGiven(properties.loggingConfiguration),
      }),
      ...(found.tracingConfiguration && { tracingConfiguration: tracingOf(found, properties) }),
      ...(found.encryptionConfiguration === undefined
        ? {}
        : { encryptionConfiguration: found.encryptionConfiguration }),
      stateMachineVersionArn: await newestVersionArn(id, context),
      tags: await readTags(id, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(id, olds.tags, news.tags, context);
    await context
      .client(SFNClient)
      .send(new UpdateStateMachineCommand({ ...settings(news), stateMachineArn: id }));
  },

  async delete(id, _properties, context) {
    const sfn = context.client(SFNClient);
    await sfn.send(new DeleteStateMachineCommand({ stateMachineArn: id }));
    await waitUntil(
      `the deletion of the state machine ${id}`,
      () => orMissing(sfn.send(new DescribeStateMachineCommand({ stateMachineArn: id }))),
      (machine) => machine === undefined,
    );
  },
});

function tracingOf(
  { tracingConfiguration }: DescribeStateMachineOutput,
  known: Properties,
): Properties | undefined {
  const enabled = tracingConfiguration?.enabled ?? false;
  return enabled || known.tracingConfiguration !== undefined ? { enabled } : undefined;
}

function offAsGiven(given: MachineInputs["loggingConfiguration"]): Properties | undefined {
  if (given === undefined) return undefined;
  return given.level === undefined || given.level === "OFF" ? given : { level: "OFF" };
}
