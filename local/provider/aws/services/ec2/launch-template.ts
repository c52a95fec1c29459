import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { type CasingRules, fromService, toService } from "../support/casing";
import { orGone } from "../../framework/errors";
import { fromTagList, toTagList } from "../../framework/tags";
import { defineResource, type Plain, type Properties } from "../../framework/types";
import { ec2Arn, tagSpecifications, updateEc2Tags } from "./support";

type Inputs = Plain<aws.ec2.LaunchTemplateArgs>;

/** Inputs of the template itself; all others are data of a version. */
const ownInputs = new Set([
  "name",
  "namePrefix",
  "description",
  "tags",
  "region",
  "defaultVersion",
  "updateDefaultVersion",
]);

const spelling: CasingRules = {
  names: { vpcSecurityGroupIds: "SecurityGroupIds", securityGroupNames: "SecurityGroups" },
};

/** Flags that Pulumi types as text, e.g. `ebs.deleteOnTermination: "true"`. */
function booleans(value: unknown): unknown {
  if (value === "true" || value === "false") return value === "true";
  if (Array.isArray(value)) return value.map(booleans);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, booleans(inner)]));
}

function dataOf(inputs: Partial<Inputs>): RequestLaunchTemplateData {
  const { tagSpecifications: tagged, ...data } = Object.fromEntries(
    Object.entries(inputs).filter(([name]) => !ownInputs.has(name)),
  ) as Partial<Inputs>;
  return {
    ...toService<RequestLaunchTemplateData>(booleans(data), spelling),
    TagSpecifications: tagged?.map(({ resourceType, tags }) => ({
      ResourceType: resourceType as "instance",
      Tags: toTagList(tags),
    })),
  };
}

/** Data of the latest version, for the inputs that were given: AWS adds none of its own. */
function fromData(data: object | undefined, properties: Properties): Properties {
  const live = fromService(data ?? {}, spelling) as Properties;
  const given = Object.keys(dataOfGiven(properties));
  return Object.fromEntries(
    given
      .filter((name) => name !== "tagSpecifications")
      .map((name) => [name, inShapeOf(properties[name], live[name])]),
  );
}

/** Pulumi types some flags as text, and AWS adds fields that nobody gave (the state of the metadata options). */
function inShapeOf(given: unknown, live: unknown): unknown {
  if (typeof given === "string" && typeof live === "boolean") return String(live);
  if (Array.isArray(given) && Array.isArray(live))
    return live.map((item, index) => inShapeOf(given[index], item));
  if (typeof given !== "object" || given === null || typeof live !== "object" || live === null) return live;
  const fields = Object.entries(given).map(([name, value]) => [
    name,
    inShapeOf(value, (live as Properties)[name]),
  ]);
  return Object.fromEntries(fields);
}

function dataOfGiven(properties: Properties): Properties {
  const computed = new Set(["arn", "latestVersion", "tagsAll", "id"]);
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => !ownInputs.has(name) && !computed.has(name)),
  );
}

export const launchTemplate = defineResource<aws.ec2.LaunchTemplateArgs>({
  type: "aws:ec2/launchTemplate:LaunchTemplate",
  autoname: { property: "name", maximumLength: 128, transform: (name) => name.replace(/[^\w()./-]/g, "-") },
  taggable: true,
  replaceOn: ["name", "namePrefix"],
  computed: ["arn", "latestVersion", "defaultVersion"],
  changedByUpdate: ["latestVersion", "defaultVersion"],
  async create(inputs, context) {
    const answer = await context.client(EC2Client).send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: inputs.name,
        VersionDescription: inputs.description,
        LaunchTemplateData: dataOf(inputs),
        TagSpecifications: tagSpecifications("launch-template", inputs.tags),
      }),
    );
    return { id: answer.LaunchTemplate!.LaunchTemplateId! };
  },
  async read(id, properties, context) {
    const ec2 = context.client(EC2Client);
    const answer = await orGone(ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] })));
    const found = answer?.LaunchTemplates?.[0];
    if (!found) return undefined;
    const versions = await ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ["$Latest"] }),
    );
    const latest = versions.LaunchTemplateVersions?.[0];
    return {
      arn: await ec2Arn(`launch-template/${id}`, undefined, context),
      name: found.LaunchTemplateName,
      latestVersion: found.LatestVersionNumber,
      defaultVersion: found.DefaultVersionNumber,
      description: latest?.VersionDescription,
      tags: fromTagList(found.Tags),
      ...fromData(latest?.LaunchTemplateData, properties),
    };
  },
  async update(id, olds, news, context) {
    const ec2 = context.client(EC2Client);
    let latest: number | undefined;
    if (!sameValue(dataOfGiven(olds), dataOfGiven(news)) || olds.description !== news.description) {
      const answer = await ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId: id,
          VersionDescription: news.description,
          LaunchTemplateData: dataOf(news),
        }),
      );
      latest = answer.LaunchTemplateVersion?.VersionNumber;
    }
    const wanted = news.updateDefaultVersion ? latest : news.defaultVersion;
    if (wanted !== undefined && wanted !== olds.defaultVersion) {
      await ec2.send(
        new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: String(wanted) }),
      );
    }
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, _properties, context) {
    await context.client(EC2Client).send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id }));
  },
});
