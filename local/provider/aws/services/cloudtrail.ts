import type * as aws from "@pulumi/aws";
import { sameValue } from "../../shared/compare";
import { fromService, toService } from "./support/casing";
import { orGone } from "../framework/errors";
import { jsonClient } from "../framework/json-client";
import { fromTagList, type ServiceTag, toTagList, updateTags } from "../framework/tags";
import { defineResource, type HandlerContext, type Plain, type ResourceHandler } from "../framework/types";

type Inputs = Plain<aws.cloudtrail.TrailArgs>;

const CloudTrailClient = jsonClient({
  signingName: "cloudtrail",
  targetPrefix: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
});

/** A trail as CloudTrail answers it. */
interface Trail {
  Name?: string;
  TrailARN?: string;
  HomeRegion?: string;
  S3BucketName?: string;
  S3KeyPrefix?: string;
  SnsTopicName?: string;
  SnsTopicARN?: string;
  IncludeGlobalServiceEvents?: boolean;
  IsMultiRegionTrail?: boolean;
  IsOrganizationTrail?: boolean;
  LogFileValidationEnabled?: boolean;
  CloudWatchLogsLogGroupArn?: string;
  CloudWatchLogsRoleArn?: string;
  KmsKeyId?: string;
}

function settings(inputs: Inputs) {
  return {
    Name: inputs.name,
    S3BucketName: inputs.s3BucketName,
    S3KeyPrefix: inputs.s3KeyPrefix,
    SnsTopicName: inputs.snsTopicName,
    IncludeGlobalServiceEvents: inputs.includeGlobalServiceEvents ?? true,
    IsMultiRegionTrail: inputs.isMultiRegionTrail ?? false,
    IsOrganizationTrail: inputs.isOrganizationTrail ?? false,
    EnableLogFileValidation: inputs.enableLogFileValidation ?? false,
    CloudWatchLogsLogGroupArn: inputs.cloudWatchLogsGroupArn,
    CloudWatchLogsRoleArn: inputs.cloudWatchLogsRoleArn,
    KmsKeyId: inputs.kmsKeyId,
  };
}

/** Settings that have calls of their own. */
async function setCompanions(olds: Partial<Inputs>, news: Inputs, context: HandlerContext): Promise<void> {
  const client = context.client(CloudTrailClient);
  const TrailName = news.name;
  if (!sameValue(olds.eventSelectors, news.eventSelectors) && news.eventSelectors) {
    const EventSelectors = toService(news.eventSelectors);
    await client.call("PutEventSelectors", { TrailName, EventSelectors });
  }
  if (!sameValue(olds.advancedEventSelectors, news.advancedEventSelectors) && news.advancedEventSelectors) {
    const AdvancedEventSelectors = toService(news.advancedEventSelectors);
    await client.call("PutEventSelectors", { TrailName, AdvancedEventSelectors });
  }
  if (!sameValue(olds.insightSelectors, news.insightSelectors)) {
    const InsightSelectors = toService(news.insightSelectors ?? []);
    await client.call("PutInsightSelectors", { TrailName, InsightSelectors });
  }
  const logging = news.enableLogging ?? true;
  if (logging !== (olds.enableLogging ?? false)) {
    await client.call(logging ? "StartLogging" : "StopLogging", { Name: TrailName });
  }
}

/** An id is the trail's ARN. */
const nameOf = (arn: string) => arn.split("/").at(-1)!;

const trail = defineResource<aws.cloudtrail.TrailArgs>({
  type: "aws:cloudtrail/trail:Trail",
  autoname: { property: "name", maximumLength: 128, transform: (name) => name.replace(/[^\w.-]/g, "-") },
  required: ["s3BucketName"],
  taggable: true,
  replaceOn: ["name"],
  computed: ["arn", "homeRegion", "snsTopicArn"],
  async create(inputs, context) {
    const client = context.client(CloudTrailClient);
    const made = await client.call<Trail>("CreateTrail", settings(inputs));
    context.created(made.TrailARN!);
    // MiniStack takes no tags together with the trail.
    if (inputs.tags)
      await client.call("AddTags", { ResourceId: made.TrailARN, TagsList: toTagList(inputs.tags) });
    await setCompanions({}, inputs, context);
    return { id: made.TrailARN! };
  },
  async read(id, properties, context) {
    const client = context.client(CloudTrailClient);
    const found = (await orGone(client.call<{ Trail?: Trail }>("GetTrail", { Name: nameOf(id) })))?.Trail;
    if (!found) return undefined;
    const [status, selectors, tags] = await Promise.all([
      client.call<{ IsLogging?: boolean }>("GetTrailStatus", { Name: nameOf(id) }),
      client.call<{ EventSelectors?: unknown[] }>("GetEventSelectors", { TrailName: nameOf(id) }),
      client.call<{ ResourceTagList?: { TagsList?: ServiceTag[] }[] }>("ListTags", { ResourceIdList: [id] }),
    ]);
    return {
      arn: found.TrailARN,
      name: found.Name,
      homeRegion: found.HomeRegion,
      s3BucketName: found.S3BucketName,
      s3KeyPrefix: found.S3KeyPrefix,
      snsTopicArn: found.SnsTopicARN,
      includeGlobalServiceEvents: found.IncludeGlobalServiceEvents ?? true,
      isMultiRegionTrail: found.IsMultiRegionTrail ?? false,
      isOrganizationTrail: found.IsOrganizationTrail ?? false,
      enableLogFileValidation: found.LogFileValidationEnabled ?? false,
      cloudWatchLogsGroupArn: found.CloudWatchLogsLogGroupArn,
      cloudWatchLogsRoleArn: found.CloudWatchLogsRoleArn,
      kmsKeyId: found.KmsKeyId,
      enableLogging: status.IsLogging ?? false,
      ...(properties.eventSelectors ? { eventSelectors: fromService(selectors.EventSelectors) } : {}),
      tags: fromTagList(tags.ResourceTagList?.[0]?.TagsList),
    };
  },
  async update(id, olds, news, context) {
    const client = context.client(CloudTrailClient);
    if (!sameValue(settings(olds as Inputs), settings(news)))
      await client.call("UpdateTrail", settings(news));
    await setCompanions(olds, news, context);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => client.call("AddTags", { ResourceId: id, TagsList: toTagList(tags) }),
      remove: (keys) => client.call("RemoveTags", { ResourceId: id, TagsList: keys.map((Key) => ({ Key })) }),
    });
  },
  async delete(id, _properties, context) {
    await context.client(CloudTrailClient).call("DeleteTrail", { Name: nameOf(id) });
  },
});

export const resources: ResourceHandler[] = [trail];
