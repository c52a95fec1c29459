import type { HandlerContext, Properties, ResourceHandler } from "../framework/types";
import { endpoint } from "./dms/endpoint";
import { replicationSubnetGroup } from "./dms/replication-subnet-group";
import { s3Endpoint } from "./dms/s3-endpoint";
import { recorded } from "./support/recorded";

function madeUpArn(word: string) {
  return async (id: string, inputs: Properties, context: HandlerContext): Promise<Properties> => {
    const name = String(inputs.replicationConfigIdentifier ?? inputs.name ?? id);
    return { arn: `arn:aws:dms:${context.region}:${await context.accountId()}:${word}:${name}` };
  };
}

export const resources: ResourceHandler[] = [
  endpoint,
  s3Endpoint,
  replicationSubnetGroup,
  recorded(
    "aws:dms/replicationConfig:ReplicationConfig",
    "no emulator has DMS Serverless",
    madeUpArn("replication-config"),
    true,
  ),
  recorded(
    "aws:dms/eventSubscription:EventSubscription",
    "no emulator sends events of DMS",
    madeUpArn("es"),
    true,
  ),
];
