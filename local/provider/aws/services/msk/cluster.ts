import {
  CreateClusterCommand,
  type CreateClusterCommandInput,
  DeleteClusterCommand,
  DescribeClusterCommand,
  GetBootstrapBrokersCommand,
  KafkaClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-kafka";
import type * as aws from "@pulumi/aws";
import { updateTags, withoutSystemTags } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { answered, fieldsFromService, overlay, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";

type ClusterInputs = Plain<aws.msk.ClusterArgs>;

function enabled(given: boolean | undefined): { Enabled: boolean } | undefined {
  return given === undefined ? undefined : { Enabled: given };
}

function authenticationOf(inputs: ClusterInputs): CreateClusterCommandInput["ClientAuthentication"] {
  const given = inputs.clientAuthentication;
  if (!given) return undefined;
  return {
    Sasl: given.sasl && { Iam: enabled(given.sasl.iam), Scram: enabled(given.sasl.scram) },
    Tls: given.tls && { Enabled: true, CertificateAuthorityArnList: given.tls.certificateAuthorityArns },
    Unauthenticated: enabled(given.unauthenticated),
  };
}

function encryptionOf(inputs: ClusterInputs): CreateClusterCommandInput["EncryptionInfo"] {
  const given = inputs.encryptionInfo;
  if (!given) return undefined;
  const key = given.encryptionAtRestKmsKeyArn;
  return {
    EncryptionAtRest: key === undefined ? undefined : { DataVolumeKMSKeyId: key },
    EncryptionInTransit: toService(given.encryptionInTransit),
  };
}

async function describe(arn: string, context: HandlerContext) {
  const answer = await orMissing(
    context.client(KafkaClient).send(new DescribeClusterCommand({ ClusterArn: arn })),
  );
  return answer?.ClusterInfo;
}

const brokerLists = {
  bootstrapBrokers: "BootstrapBrokerString",
  bootstrapBrokersTls: "BootstrapBrokerStringTls",
  bootstrapBrokersSaslIam: "BootstrapBrokerStringSaslIam",
  bootstrapBrokersSaslScram: "BootstrapBrokerStringSaslScram",
} as const;

async function addresses(arn: string, context: HandlerContext): Promise<Record<string, unknown>> {
  const answer = await context.client(KafkaClient).send(new GetBootstrapBrokersCommand({ ClusterArn: arn }));
  return Object.fromEntries(
    Object.entries(brokerLists).map(([output, name]) => [output, answer[name] ?? ""]),
  );
}

/** The emulator changes nothing of a cluster but its tags, so every other change replaces it here, and not on AWS. */
export const cluster = defineResource<aws.msk.ClusterArgs>({
  type: "aws:msk/cluster:Cluster",
  autoname: { property: "clusterName", maximumLength: 64 },
  required: ["brokerNodeGroupInfo", "kafkaVersion", "numberOfBrokerNodes"],
  replaceOn: [
    "clusterName",
    "brokerNodeGroupInfo",
    "clientAuthentication",
    "configurationInfo",
    "encryptionInfo",
    "enhancedMonitoring",
    "kafkaVersion",
    "loggingInfo",
    "numberOfBrokerNodes",
    "openMonitoring",
    "storageMode",
  ],
  taggable: true,
  computed: ["arn", "clusterUuid", "currentVersion", ...Object.keys(brokerLists)],

  async create(inputs, context) {
    const { ClusterArn } = await context.client(KafkaClient).send(
      new CreateClusterCommand({
        ...toService<CreateClusterCommandInput>({
          clusterName: inputs.clusterName,
          brokerNodeGroupInfo: inputs.brokerNodeGroupInfo,
          configurationInfo: inputs.configurationInfo,
          enhancedMonitoring: inputs.enhancedMonitoring,
          kafkaVersion: inputs.kafkaVersion,
          loggingInfo: inputs.loggingInfo,
          numberOfBrokerNodes: inputs.numberOfBrokerNodes,
          openMonitoring: inputs.openMonitoring,
          storageMode: inputs.storageMode,
        }),
        ClientAuthentication: authenticationOf(inputs),
        EncryptionInfo: encryptionOf(inputs),
        Tags: inputs.tags,
      }),
    );
    context.created(ClusterArn!);
    await waitUntil(
      `the cluster ${ClusterArn}`,
      () => describe(ClusterArn!, context),
      (found) => found?.State !== "CREATING",
      { seconds: 3600, intervalMilliseconds: 1000 },
    );
    return { id: ClusterArn! };
  },

  async read(id, properties, context) {
    const found = await describe(id, context);
    if (!found || found.State === "DELETING") return undefined;
    const fields = fieldsFromService(found);
    const { Tags } = await context
      .client(KafkaClient)
      .send(new ListTagsForResourceCommand({ ResourceArn: id }));
    return {
      ...answered(fields, ["clusterName", "numberOfBrokerNodes", "enhancedMonitoring", "currentVersion"]),
      kafkaVersion: found.CurrentBrokerSoftwareInfo?.KafkaVersion,
      brokerNodeGroupInfo: overlay(
        properties.brokerNodeGroupInfo,
        fields.brokerNodeGroupInfo as object | undefined,
      ),
      arn: found.ClusterArn,
      clusterUuid: id.split("/").at(-1),
      ...(await addresses(id, context)),
      tags: withoutSystemTags(Tags),
    };
  },

  async update(id, olds, news, context) {
    const kafka = context.client(KafkaClient);
    await updateTags(olds.tags, news.tags, {
      set: (Tags) => kafka.send(new TagResourceCommand({ ResourceArn: id, Tags })),
      remove: (TagKeys) => kafka.send(new UntagResourceCommand({ ResourceArn: id, TagKeys })),
    });
  },

  async delete(id, _properties, context) {
    await context.client(KafkaClient).send(new DeleteClusterCommand({ ClusterArn: id }));
    await waitUntil(
      `the deletion of the cluster ${id}`,
      () => describe(id, context),
      (found) => found === undefined,
      { seconds: 3600, intervalMilliseconds: 1000 },
    );
  },
});
