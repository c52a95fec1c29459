import {
  type CreateBrokerCommandInput,
  CreateBrokerCommand,
  CreateTagsCommand,
  DeleteBrokerCommand,
  DeleteTagsCommand,
  DescribeBrokerCommand,
  type DescribeBrokerCommandOutput,
  MqClient,
  UpdateBrokerCommand,
  type UpdateBrokerCommandInput,
} from "@aws-sdk/client-mq";
import type * as aws from "@pulumi/aws";
import { updateTags, withoutSystemTags } from "../../framework/tags";
import { defineResource, type HandlerContext } from "../../framework/types";
import { answered, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";

/** Settings that may change while the broker stands. */
const changeable = [
  "authenticationStrategy",
  "autoMinorVersionUpgrade",
  "configuration",
  "engineVersion",
  "hostInstanceType",
  "logs",
  "maintenanceWindowStartTime",
  "securityGroups",
] as const;

/** Settings of the whole life of a broker that can be read back. */
const fixed = [
  "brokerName",
  "deploymentMode",
  "encryptionOptions",
  "engineType",
  "publiclyAccessible",
] as const;

const fixedAndRarelyAnswered = ["storageType", "subnetIds"] as const;

async function describe(
  id: string,
  context: HandlerContext,
): Promise<DescribeBrokerCommandOutput | undefined> {
  return orMissing(context.client(MqClient).send(new DescribeBrokerCommand({ BrokerId: id })));
}

async function untilRunning(id: string, context: HandlerContext): Promise<void> {
  const found = await waitUntil(
    `the broker ${id}`,
    () => describe(id, context),
    (broker) => !/_IN_PROGRESS$/.test(broker?.BrokerState ?? ""),
    { seconds: 1800, intervalMilliseconds: 500 },
  );
  if (found?.BrokerState === "CREATION_FAILED") throw new Error(`the broker ${id} could not be made`);
}

/** Users come with the broker: those of RabbitMQ can afterwards be changed in RabbitMQ only. */
export const broker = defineResource<aws.mq.BrokerArgs>({
  type: "aws:mq/broker:Broker",
  autoname: {
    property: "brokerName",
    maximumLength: 50,
    transform: (name) => name.replace(/[^\w-]/g, "-"),
  },
  required: ["engineType", "engineVersion", "hostInstanceType"],
  replaceOn: [...fixed, ...fixedAndRarelyAnswered, "users", "ldapServerMetadata"],
  taggable: true,
  unordered: ["securityGroups", "subnetIds"],
  computed: ["arn", "instances"],

  async create(inputs, context) {
    const { BrokerId } = await context.client(MqClient).send(
      new CreateBrokerCommand({
        ...toService<CreateBrokerCommandInput>(
          seen(inputs, [...changeable, ...fixed, ...fixedAndRarelyAnswered, "users"]),
        ),
        DeploymentMode: (inputs.deploymentMode ?? "SINGLE_INSTANCE") as "SINGLE_INSTANCE",
        PubliclyAccessible: inputs.publiclyAccessible ?? false,
        AutoMinorVersionUpgrade: inputs.autoMinorVersionUpgrade ?? true,
        Tags: inputs.tags,
      }),
    );
    context.created(BrokerId!);
    await untilRunning(BrokerId!, context);
    return { id: BrokerId! };
  },

  async read(id, properties, context) {
    const found = await describe(id, context);
    if (!found || found.BrokerState === "DELETION_IN_PROGRESS") return undefined;
    const fields = fieldsFromService(found);
    return {
      ...answered(fields, [...fixed, ...changeable, ...fixedAndRarelyAnswered]),
      // The program may write it in any case, the emulator answers capital letters.
      engineType:
        properties.engineType?.toUpperCase() === found.EngineType ? properties.engineType : found.EngineType,
      arn: found.BrokerArn,
      instances: (found.BrokerInstances ?? []).map(({ ConsoleURL, Endpoints, IpAddress }) => ({
        consoleUrl: ConsoleURL,
        endpoints: Endpoints,
        ipAddress: IpAddress,
      })),
      tags: withoutSystemTags(found.Tags),
    };
  },

  async update(id, olds, news, context) {
    const mq = context.client(MqClient);
    const ResourceArn = String(olds.arn);
    await updateTags(olds.tags, news.tags, {
      set: (Tags) => mq.send(new CreateTagsCommand({ ResourceArn, Tags })),
      remove: (TagKeys) => mq.send(new DeleteTagsCommand({ ResourceArn, TagKeys })),
    });
    const settings = toService<Partial<UpdateBrokerCommandInput>>(seen(news, [...changeable]));
    await mq.send(new UpdateBrokerCommand({ ...settings, BrokerId: id }));
    await untilRunning(id, context);
  },

  async delete(id, _properties, context) {
    await context.client(MqClient).send(new DeleteBrokerCommand({ BrokerId: id }));
    await waitUntil(
      `the deletion of the broker ${id}`,
      () => describe(id, context),
      (found) => found === undefined,
      { seconds: 1800, intervalMilliseconds: 500 },
    );
  },
});
