import {
  CreateModelPackageGroupCommand,
  DeleteModelPackageGroupCommand,
  DeleteModelPackageGroupPolicyCommand,
  DescribeModelPackageGroupCommand,
  GetModelPackageGroupPolicyCommand,
  PutModelPackageGroupPolicyCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext } from "../../framework/types";
import { orMissing } from "../support/missing";
import { changeTags, readTags, sageMakerName } from "./tagging";

export const modelPackageGroup = defineResource<aws.sagemaker.ModelPackageGroupArgs>({
  type: "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
  autoname: { property: "modelPackageGroupName", maximumLength: 63, transform: sageMakerName },
  replaceOn: ["modelPackageGroupName", "modelPackageGroupDescription"],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    await context.client(SageMakerClient).send(
      new CreateModelPackageGroupCommand({
        ModelPackageGroupName: inputs.modelPackageGroupName,
        ModelPackageGroupDescription: inputs.modelPackageGroupDescription,
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(inputs.modelPackageGroupName);
    return { id: inputs.modelPackageGroupName };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context
        .client(SageMakerClient)
        .send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: id })),
    );
    if (!found?.ModelPackageGroupArn) return undefined;
    return {
      modelPackageGroupName: found.ModelPackageGroupName,
      modelPackageGroupDescription: found.ModelPackageGroupDescription,
      arn: found.ModelPackageGroupArn,
      tags: await readTags(found.ModelPackageGroupArn, context),
    };
  },

  async update(_id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
  },

  async delete(id, _properties, context) {
    await context
      .client(SageMakerClient)
      .send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: id }));
  },
});

async function putPolicy(name: string, policy: string, context: HandlerContext): Promise<void> {
  await context
    .client(SageMakerClient)
    .send(new PutModelPackageGroupPolicyCommand({ ModelPackageGroupName: name, ResourcePolicy: policy }));
}

export const modelPackageGroupPolicy = defineResource<aws.sagemaker.ModelPackageGroupPolicyArgs>({
  type: "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy",
  required: ["modelPackageGroupName", "resourcePolicy"],
  replaceOn: ["modelPackageGroupName"],

  async create(inputs, context) {
    await putPolicy(inputs.modelPackageGroupName, inputs.resourcePolicy, context);
    context.created(inputs.modelPackageGroupName);
    return { id: inputs.modelPackageGroupName };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context
        .client(SageMakerClient)
        .send(new GetModelPackageGroupPolicyCommand({ ModelPackageGroupName: id })),
    );
    return found && { modelPackageGroupName: id, resourcePolicy: found.ResourcePolicy };
  },

  async update(id, _olds, news, context) {
    await putPolicy(id, news.resourcePolicy, context);
  },

  async delete(id, _properties, context) {
    await context
      .client(SageMakerClient)
      .send(new DeleteModelPackageGroupPolicyCommand({ ModelPackageGroupName: id }));
  },
});
