import {
  CreateReplicationSubnetGroupCommand,
  DatabaseMigrationServiceClient,
  DeleteReplicationSubnetGroupCommand,
  DescribeReplicationSubnetGroupsCommand,
  ModifyReplicationSubnetGroupCommand,
} from "@aws-sdk/client-database-migration-service";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { orMissing } from "../support/missing";
import { changeTags, readTags } from "./tagging";

type GroupInputs = Plain<aws.dms.ReplicationSubnetGroupArgs>;

function settings(inputs: GroupInputs) {
  return {
    ReplicationSubnetGroupIdentifier: inputs.replicationSubnetGroupId,
    ReplicationSubnetGroupDescription: inputs.replicationSubnetGroupDescription,
    SubnetIds: inputs.subnetIds,
  };
}

async function find(id: string, context: HandlerContext) {
  const answer = await orMissing(
    context.client(DatabaseMigrationServiceClient).send(
      new DescribeReplicationSubnetGroupsCommand({
        Filters: [{ Name: "replication-subnet-group-id", Values: [id] }],
      }),
    ),
  );
  return answer?.ReplicationSubnetGroups?.find((group) => group.ReplicationSubnetGroupIdentifier === id);
}

/** ARN of a group: DMS answers none, its documentation defines the form. */
async function arnOf(id: string, context: HandlerContext): Promise<string> {
  return `arn:aws:dms:${context.region}:${await context.accountId()}:subgrp:${id}`;
}

export const replicationSubnetGroup = defineResource<aws.dms.ReplicationSubnetGroupArgs>({
  type: "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup",
  required: ["replicationSubnetGroupDescription", "replicationSubnetGroupId", "subnetIds"],
  replaceOn: ["replicationSubnetGroupId"],
  taggable: true,
  unordered: ["subnetIds"],
  computed: ["replicationSubnetGroupArn", "vpcId"],

  async create(inputs, context) {
    const id = inputs.replicationSubnetGroupId;
    await context
      .client(DatabaseMigrationServiceClient)
      .send(new CreateReplicationSubnetGroupCommand(settings(inputs)));
    context.created(id);
    // moto keeps tags that come with a group under a name that is no ARN, where nobody finds them.
    await changeTags(await arnOf(id, context), undefined, inputs.tags, context);
    return { id };
  },

  async read(id, _properties, context) {
    const found = await find(id, context);
    if (!found) return undefined;
    const arn = await arnOf(id, context);
    return {
      replicationSubnetGroupId: found.ReplicationSubnetGroupIdentifier,
      replicationSubnetGroupDescription: found.ReplicationSubnetGroupDescription,
      subnetIds: (found.Subnets ?? []).map(({ SubnetIdentifier }) => SubnetIdentifier),
      replicationSubnetGroupArn: arn,
      vpcId: found.VpcId,
      tags: await readTags(arn, context),
    };
  },

  async update(_id, olds, news, context) {
    await changeTags(olds.replicationSubnetGroupArn, olds.tags, news.tags, context);
    await context
      .client(DatabaseMigrationServiceClient)
      .send(new ModifyReplicationSubnetGroupCommand(settings(news)));
  },

  async delete(id, _properties, context) {
    const ReplicationSubnetGroupIdentifier = id;
    await context
      .client(DatabaseMigrationServiceClient)
      .send(new DeleteReplicationSubnetGroupCommand({ ReplicationSubnetGroupIdentifier }));
  },
});
