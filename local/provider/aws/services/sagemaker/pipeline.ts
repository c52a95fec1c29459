import {
  CreatePipelineCommand,
  DeletePipelineCommand,
  DescribePipelineCommand,
  type PipelineDefinitionS3Location,
  SageMakerClient,
  UpdatePipelineCommand,
} from "@aws-sdk/client-sagemaker";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type Plain } from "../../framework/types";
import { answered, fieldsFromService, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { changeTags, readTags, sageMakerName } from "./tagging";

function settings(inputs: Plain<aws.sagemaker.PipelineArgs>) {
  return {
    PipelineName: inputs.pipelineName,
    PipelineDisplayName: inputs.pipelineDisplayName,
    PipelineDescription: inputs.pipelineDescription,
    PipelineDefinition: inputs.pipelineDefinition,
    PipelineDefinitionS3Location: toService<PipelineDefinitionS3Location | undefined>(
      inputs.pipelineDefinitionS3Location,
    ),
    RoleArn: inputs.roleArn,
    ParallelismConfiguration: inputs.parallelismConfiguration && {
      MaxParallelExecutionSteps: inputs.parallelismConfiguration.maxParallelExecutionSteps,
    },
  };
}

export const pipeline = defineResource<aws.sagemaker.PipelineArgs>({
  type: "aws:sagemaker/pipeline:Pipeline",
  autoname: { property: "pipelineName", maximumLength: 256, transform: sageMakerName },
  required: ["pipelineDisplayName"],
  replaceOn: ["pipelineName"],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    await context.client(SageMakerClient).send(
      new CreatePipelineCommand({
        ...settings(inputs),
        RoleArn: inputs.roleArn,
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(inputs.pipelineName);
    return { id: inputs.pipelineName };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(SageMakerClient).send(new DescribePipelineCommand({ PipelineName: id })),
    );
    if (!found?.PipelineArn) return undefined;
    return {
      ...answered(fieldsFromService(found), [
        "parallelismConfiguration",
        "pipelineDefinition",
        "pipelineDescription",
        "pipelineDisplayName",
        "roleArn",
      ]),
      pipelineName: found.PipelineName,
      arn: found.PipelineArn,
      tags: await readTags(found.PipelineArn, context),
    };
  },

  async update(_id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
    await context.client(SageMakerClient).send(new UpdatePipelineCommand(settings(news)));
  },

  async delete(id, _properties, context) {
    await context.client(SageMakerClient).send(new DeletePipelineCommand({ PipelineName: id }));
  },
});
