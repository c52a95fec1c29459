import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  type ImageTagMutability,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ecr";
import type * as aws from "@pulumi/aws";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource, type Plain } from "../../framework/types";
import { answered } from "../support/casing";
import { orMissing } from "../support/missing";

type RepositoryInputs = Plain<aws.ecr.RepositoryArgs>;

function mutability(inputs: RepositoryInputs) {
  return {
    repositoryName: inputs.name,
    imageTagMutability: (inputs.imageTagMutability ?? "MUTABLE") as ImageTagMutability,
    imageTagMutabilityExclusionFilters:
      inputs.imageTagMutabilityExclusionFilters as CreateRepositoryCommandInput["imageTagMutabilityExclusionFilters"],
  };
}

export const repository = defineResource<aws.ecr.RepositoryArgs>({
  type: "aws:ecr/repository:Repository",
  autoname: {
    property: "name",
    maximumLength: 256,
    transform: (name) => name.toLowerCase().replace(/[^a-z0-9._/-]/g, "-"),
  },
  replaceOn: ["name", "encryptionConfigurations"],
  taggable: true,
  computed: ["arn", "registryId", "repositoryUrl"],

  async create(inputs, context) {
    const [encryption] = inputs.encryptionConfigurations ?? [];
    await context.client(ECRClient).send(
      new CreateRepositoryCommand({
        ...mutability(inputs),
        imageScanningConfiguration: inputs.imageScanningConfiguration,
        encryptionConfiguration: encryption && {
          encryptionType: (encryption.encryptionType ?? "AES256") as "AES256" | "KMS",
          kmsKey: encryption.kmsKey,
        },
        tags: toTagList(inputs.tags),
      }),
    );
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const ecr = context.client(ECRClient);
    const answer = await orMissing(ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [id] })));
    const found = answer?.repositories?.[0];
    if (!found) return undefined;
    const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn: found.repositoryArn }));
    return {
      name: found.repositoryName,
      arn: found.repositoryArn,
      registryId: found.registryId,
      repositoryUrl: found.repositoryUri,
      imageTagMutability: found.imageTagMutability,
      ...answered({ ...found }, ["imageTagMutabilityExclusionFilters"]),
      imageScanningConfiguration: found.imageScanningConfiguration,
      encryptionConfigurations: found.encryptionConfiguration && [found.encryptionConfiguration],
      tags: fromTagList(tags),
    };
  },

  async update(id, olds, news, context) {
    const ecr = context.client(ECRClient);
    const resourceArn = String(olds.arn);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => ecr.send(new TagResourceCommand({ resourceArn, tags: toTagList(tags) })),
      remove: (tagKeys) => ecr.send(new UntagResourceCommand({ resourceArn, tagKeys })),
    });
    await ecr.send(new PutImageTagMutabilityCommand(mutability(news)));
    await ecr.send(
      new PutImageScanningConfigurationCommand({
        repositoryName: id,
        imageScanningConfiguration: news.imageScanningConfiguration ?? { scanOnPush: false },
      }),
    );
  },

  async delete(id, properties, context) {
    await context
      .client(ECRClient)
      .send(new DeleteRepositoryCommand({ repositoryName: id, force: properties.forceDelete }));
  },
});
