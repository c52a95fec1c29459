import {
  type ContainerDefinition,
  CreateModelCommand,
  DeleteModelCommand,
  DescribeModelCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type Plain, type Properties } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, overlay, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { changeTags, readTags, sageMakerName } from "./tagging";

const casing: CasingRules = { maps: ["environment"] };

type ContainerInputs = NonNullable<Plain<aws.sagemaker.ModelArgs>["primaryContainer"]>;

function toContainer({
  modelDataSource,
  additionalModelDataSources,
  ...others
}: ContainerInputs): ContainerDefinition {
  const [source] = modelDataSource?.s3DataSources ?? [];
  return {
    ...toService<ContainerDefinition>(others, casing),
    ...(source && { ModelDataSource: { S3DataSource: toService(source, casing) } }),
    AdditionalModelDataSources: additionalModelDataSources?.map(({ channelName, s3DataSources: [s3] }) => ({
      ChannelName: channelName,
      S3DataSource: toService(s3, casing),
    })),
  };
}

/** A container as answered; where its data lies is a list in the program and a single structure in the API. */
function fromContainer(container: ContainerDefinition | undefined): Properties | undefined {
  if (!container) return undefined;
  const { ModelDataSource, AdditionalModelDataSources, ...others } = container;
  const source = ModelDataSource?.S3DataSource;
  return {
    ...fieldsFromService(others, casing),
    ...(source && { modelDataSource: { s3DataSources: [fieldsFromService(source, casing)] } }),
    ...(AdditionalModelDataSources?.length && {
      additionalModelDataSources: AdditionalModelDataSources.map(({ ChannelName, S3DataSource }) => ({
        channelName: ChannelName,
        s3DataSources: [fieldsFromService(S3DataSource, casing)],
      })),
    }),
  };
}

/** A model cannot be changed: every change but that of its tags makes a new one. */
export const model = defineResource<aws.sagemaker.ModelArgs>({
  type: "aws:sagemaker/model:Model",
  autoname: { property: "name", maximumLength: 63, transform: sageMakerName },
  required: ["executionRoleArn"],
  replaceOn: [
    "containers",
    "enableNetworkIsolation",
    "executionRoleArn",
    "inferenceExecutionConfig",
    "name",
    "primaryContainer",
    "vpcConfig",
  ],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    await context.client(SageMakerClient).send(
      new CreateModelCommand({
        ModelName: inputs.name,
        ExecutionRoleArn: inputs.executionRoleArn,
        EnableNetworkIsolation: inputs.enableNetworkIsolation,
        PrimaryContainer: inputs.primaryContainer && toContainer(inputs.primaryContainer),
        Containers: inputs.containers?.map(toContainer),
        InferenceExecutionConfig: toService(inputs.inferenceExecutionConfig),
        VpcConfig: toService(inputs.vpcConfig),
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, properties, context) {
    const found = await orMissing(
      context.client(SageMakerClient).send(new DescribeModelCommand({ ModelName: id })),
    );
    if (!found?.ModelArn) return undefined;
    const fields = fieldsFromService(found);
    return {
      // Network isolation is fixed for the life of a model, and moto always answers that it is off.
      ...answered(fields, ["inferenceExecutionConfig", "vpcConfig"]),
      name: found.ModelName,
      executionRoleArn: found.ExecutionRoleArn,
      primaryContainer: overlay(properties.primaryContainer, fromContainer(found.PrimaryContainer)),
      containers: found.Containers?.map((container) => fromContainer(container)),
      arn: found.ModelArn,
      tags: await readTags(found.ModelArn, context),
    };
  },

  async update(_id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
  },

  async delete(id, _properties, context) {
    await context.client(SageMakerClient).send(new DeleteModelCommand({ ModelName: id }));
  },
});
