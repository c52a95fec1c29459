import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  ListTagsForResourceCommand,
  type LogGroup,
  type LogGroupClass,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { updateTags, withoutSystemTags } from "../../framework/tags";
import { defineResource } from "../../framework/types";

async function find(logs: CloudWatchLogsClient, name: string): Promise<LogGroup | undefined> {
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken }));
    const found = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
    if (found) return found;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return undefined;
}

/** CloudWatch answers the ARN with `:*` behind; the provider's output has it without. */
function plainArn(group: LogGroup): string | undefined {
  return group.logGroupArn ?? group.arn?.replace(/:\*$/, "");
}

async function setRetention(logs: CloudWatchLogsClient, logGroupName: string, days: number | undefined) {
  // Zero days means "for ever", which is the absence of a policy.
  if (!days) await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
  else await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: days }));
}

export const logGroup = defineResource<aws.cloudwatch.LogGroupArgs>({
  type: "aws:cloudwatch/logGroup:LogGroup",
  autoname: { property: "name", maximumLength: 512, transform: (name) => name.replace(/[^\w./#-]/g, "-") },
  taggable: true,
  replaceOn: ["name", "namePrefix", "logGroupClass"],
  computed: ["arn", "logGroupClass"],
  async create(inputs, context) {
    const logs = context.client(CloudWatchLogsClient);
    const logGroupName = inputs.name!;
    await logs.send(
      new CreateLogGroupCommand({
        logGroupName,
        kmsKeyId: inputs.kmsKeyId,
        logGroupClass: inputs.logGroupClass as LogGroupClass | undefined,
        tags: inputs.tags,
      }),
    );
    context.created(logGroupName);
    if (inputs.retentionInDays) await setRetention(logs, logGroupName, inputs.retentionInDays);
    return { id: logGroupName };
  },
  async read(id, _properties, context) {
    const logs = context.client(CloudWatchLogsClient);
    const found = await find(logs, id);
    if (!found) return undefined;
    const resourceArn = plainArn(found);
    const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn }));
    return {
      name: found.logGroupName,
      arn: resourceArn,
      kmsKeyId: found.kmsKeyId,
      retentionInDays: found.retentionInDays ?? 0,
      logGroupClass: found.logGroupClass ?? "STANDARD",
      tags: withoutSystemTags(tags),
    };
  },
  async update(id, olds, news, context) {
    const logs = context.client(CloudWatchLogsClient);
    if (olds.retentionInDays !== news.retentionInDays) await setRetention(logs, id, news.retentionInDays);
    if (!sameValue(olds.kmsKeyId, news.kmsKeyId)) {
      if (news.kmsKeyId)
        await logs.send(new AssociateKmsKeyCommand({ logGroupName: id, kmsKeyId: news.kmsKeyId }));
      else await logs.send(new DisassociateKmsKeyCommand({ logGroupName: id }));
    }
    const resourceArn = String((olds as { arn?: string }).arn);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => logs.send(new TagResourceCommand({ resourceArn, tags })),
      remove: (tagKeys) => logs.send(new UntagResourceCommand({ resourceArn, tagKeys })),
    });
  },
  async delete(id, properties, context) {
    if (properties.skipDestroy) return;
    await context.client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName: id }));
  },
});
