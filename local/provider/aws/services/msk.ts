import { createHash } from "node:crypto";
import type { HandlerContext, Properties, ResourceHandler } from "../framework/types";
import { cluster } from "./msk/cluster";
import { recorded } from "./support/recorded";

/** What dependants need of a cluster that is not there: its ARN is part of policies, its address of event sources. */
async function serverlessOutputs(
  id: string,
  inputs: Properties,
  context: HandlerContext,
): Promise<Properties> {
  const name = String(inputs.clusterName ?? id);
  const digits = createHash("sha256").update(context.urn).digest("hex");
  const clusterUuid = `${digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5")}-s1`;
  const owner = `${context.region}:${await context.accountId()}`;
  return {
    clusterName: name,
    clusterUuid,
    arn: `arn:aws:kafka:${owner}:cluster/${name}/${clusterUuid}`,
    bootstrapBrokersSaslIam: `boot-${digits.slice(0, 8)}.c1.kafka-serverless.${context.region}.amazonaws.com:9098`,
  };
}

export const resources: ResourceHandler[] = [
  cluster,
  recorded(
    "aws:msk/configuration:Configuration",
    "the emulator takes configurations of MSK and can neither change nor remove them",
    async (id, inputs, context) => ({
      arn: `arn:aws:kafka:${context.region}:${await context.accountId()}:configuration/${String(inputs.name ?? id)}`,
      latestRevision: 1,
    }),
  ),
  recorded(
    "aws:msk/serverlessCluster:ServerlessCluster",
    "no emulator has MSK Serverless",
    serverlessOutputs,
    true,
  ),
];
