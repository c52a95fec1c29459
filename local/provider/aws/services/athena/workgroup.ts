import {
  AthenaClient,
  CreateWorkGroupCommand,
  DeleteWorkGroupCommand,
  GetWorkGroupCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateWorkGroupCommand,
  type WorkGroupConfiguration,
  type WorkGroupConfigurationUpdates,
  type WorkGroupState,
} from "@aws-sdk/client-athena";
import type * as aws from "@pulumi/aws";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { type CasingRules, fieldsFromService, overlay, toService } from "../support/casing";
import { orMissing } from "../support/missing";

type WorkgroupInputs = Plain<aws.athena.WorkgroupArgs>;

const casing: CasingRules = {
  names: {
    enforceWorkgroupConfiguration: "EnforceWorkGroupConfiguration",
    publishCloudwatchMetricsEnabled: "PublishCloudWatchMetricsEnabled",
    kmsKeyArn: "KmsKey",
  },
};

function configuration(inputs: WorkgroupInputs): WorkGroupConfiguration {
  return toService<WorkGroupConfiguration>(
    // What the program leaves out has these values in the official provider, whatever the API's own are.
    { enforceWorkgroupConfiguration: true, publishCloudwatchMetricsEnabled: true, ...inputs.configuration },
    casing,
  );
}

function configurationUpdates(inputs: WorkgroupInputs): WorkGroupConfigurationUpdates {
  const { ResultConfiguration: result, ...others } = configuration(inputs);
  return {
    ...(others as WorkGroupConfigurationUpdates),
    RemoveBytesScannedCutoffPerQuery: others.BytesScannedCutoffPerQuery === undefined ? true : undefined,
    ResultConfigurationUpdates: {
      ...result,
      RemoveOutputLocation: result?.OutputLocation === undefined ? true : undefined,
      RemoveEncryptionConfiguration: result?.EncryptionConfiguration === undefined ? true : undefined,
    },
  };
}

/** ARN of a workgroup; Athena's answers hold none, its documentation defines the form. */
async function workgroupArn(name: string, context: HandlerContext): Promise<string> {
  return `arn:aws:athena:${context.region}:${await context.accountId()}:workgroup/${name}`;
}

export const workgroup = defineResource<aws.athena.WorkgroupArgs>({
  type: "aws:athena/workgroup:Workgroup",
  autoname: { property: "name", maximumLength: 128, transform: (name) => name.replace(/[^.\w-]/g, "-") },
  replaceOn: ["name"],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    const athena = context.client(AthenaClient);
    await athena.send(
      new CreateWorkGroupCommand({
        Name: inputs.name,
        Description: inputs.description,
        Configuration: configuration(inputs),
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(inputs.name!);
    if (inputs.state === "DISABLED") {
      await athena.send(new UpdateWorkGroupCommand({ WorkGroup: inputs.name, State: "DISABLED" }));
    }
    return { id: inputs.name! };
  },

  async read(id, properties, context) {
    const athena = context.client(AthenaClient);
    const answer = await orMissing(athena.send(new GetWorkGroupCommand({ WorkGroup: id })));
    const found = answer?.WorkGroup;
    if (!found) return undefined;
    const arn = await workgroupArn(id, context);
    const { Tags } = await athena.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    const live = fieldsFromService(found.Configuration, casing);
    return {
      name: found.Name,
      description: found.Description,
      state: found.State,
      configuration: overlay(properties.configuration, live),
      arn,
      tags: fromTagList(Tags),
    };
  },

  async update(id, olds, news, context) {
    const athena = context.client(AthenaClient);
    const ResourceARN = await workgroupArn(id, context);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => athena.send(new TagResourceCommand({ ResourceARN, Tags: toTagList(tags) })),
      remove: (TagKeys) => athena.send(new UntagResourceCommand({ ResourceARN, TagKeys })),
    });
    await athena.send(
      new UpdateWorkGroupCommand({
        WorkGroup: id,
        Description: news.description ?? "",
        ConfigurationUpdates: configurationUpdates(news),
        State: (news.state ?? "ENABLED") as WorkGroupState,
      }),
    );
  },

  async delete(id, properties, context) {
    await context
      .client(AthenaClient)
      .send(new DeleteWorkGroupCommand({ WorkGroup: id, RecursiveDeleteOption: properties.forceDestroy }));
  },
});
