import {
  type AsyncInferenceConfig,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  type DataCaptureConfig,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  type DeploymentConfig,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type ProductionVariant,
  SageMakerClient,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { changeTags, readTags, sageMakerName } from "./tagging";

const casing: CasingRules = {
  names: {
    enableSsmAccess: "EnableSSMAccess",
    memorySizeInMb: "MemorySizeInMB",
    volumeSizeInGb: "VolumeSizeInGB",
  },
};

type VariantInputs = Plain<aws.sagemaker.EndpointConfigurationArgs>["productionVariants"][number];

function toVariant({ routingConfigs, ...variant }: VariantInputs): ProductionVariant {
  return {
    ...toService<ProductionVariant>(variant, casing),
    ...(routingConfigs?.[0] && { RoutingConfig: toService(routingConfigs[0], casing) }),
  };
}

function fromVariant({ RoutingConfig, ...variant }: ProductionVariant): Record<string, unknown> {
  return {
    ...fieldsFromService(variant, casing),
    ...(RoutingConfig && { routingConfigs: [fieldsFromService(RoutingConfig, casing)] }),
  };
}

/** A configuration cannot be changed: every change but that of its tags makes a new one. */
export const endpointConfiguration = defineResource<aws.sagemaker.EndpointConfigurationArgs>({
  type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  autoname: { property: "name", maximumLength: 63, transform: sageMakerName },
  required: ["productionVariants"],
  replaceOn: [
    "asyncInferenceConfig",
    "dataCaptureConfig",
    "executionRoleArn",
    "kmsKeyArn",
    "name",
    "namePrefix",
    "productionVariants",
    "shadowProductionVariants",
  ],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    await context.client(SageMakerClient).send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: inputs.name,
        ProductionVariants: inputs.productionVariants.map(toVariant),
        ShadowProductionVariants: inputs.shadowProductionVariants?.map(toVariant),
        DataCaptureConfig: toService<DataCaptureConfig | undefined>(inputs.dataCaptureConfig, casing),
        AsyncInferenceConfig: toService<AsyncInferenceConfig | undefined>(
          inputs.asyncInferenceConfig,
          casing,
        ),
        ExecutionRoleArn: inputs.executionRoleArn,
        KmsKeyId: inputs.kmsKeyArn,
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(SageMakerClient).send(new DescribeEndpointConfigCommand({ EndpointConfigName: id })),
    );
    if (!found?.EndpointConfigArn) return undefined;
    return {
      ...answered(fieldsFromService(found, casing), [
        "asyncInferenceConfig",
        "dataCaptureConfig",
        "executionRoleArn",
      ]),
      ...(found.KmsKeyId === undefined ? {} : { kmsKeyArn: found.KmsKeyId }),
      name: found.EndpointConfigName,
      productionVariants: found.ProductionVariants?.map(fromVariant),
      ...(found.ShadowProductionVariants && {
        shadowProductionVariants: found.ShadowProductionVariants.map(fromVariant),
      }),
      arn: found.EndpointConfigArn,
      tags: await readTags(found.EndpointConfigArn, context),
    };
  },

  async update(_id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
  },

  async delete(id, _properties, context) {
    await context.client(SageMakerClient).send(new DeleteEndpointConfigCommand({ EndpointConfigName: id }));
  },
});

type EndpointInputs = Plain<aws.sagemaker.EndpointArgs>;

function deployment({ deploymentConfig: given }: EndpointInputs): DeploymentConfig | undefined {
  return toService<DeploymentConfig | undefined>(given, casing);
}

async function untilInService(name: string, context: HandlerContext): Promise<void> {
  const endpoint = await waitUntil(
    `the endpoint ${name}`,
    () => context.client(SageMakerClient).send(new DescribeEndpointCommand({ EndpointName: name })),
    ({ EndpointStatus }) =>
      !["Creating", "Updating", "SystemUpdating", "RollingBack"].includes(EndpointStatus ?? ""),
    { seconds: 3600, intervalMilliseconds: 500 },
  );
  if (endpoint.EndpointStatus !== "InService") {
    throw new Error(
      `the endpoint ${name} is ${endpoint.EndpointStatus}: ${endpoint.FailureReason ?? "no reason given"}`,
    );
  }
}

export const endpoint = defineResource<aws.sagemaker.EndpointArgs>({
  type: "aws:sagemaker/endpoint:Endpoint",
  autoname: { property: "name", maximumLength: 63, transform: sageMakerName },
  required: ["endpointConfigName"],
  replaceOn: ["name"],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    await context.client(SageMakerClient).send(
      new CreateEndpointCommand({
        EndpointName: inputs.name,
        EndpointConfigName: inputs.endpointConfigName,
        DeploymentConfig: deployment(inputs),
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(inputs.name!);
    await untilInService(inputs.name!, context);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(SageMakerClient).send(new DescribeEndpointCommand({ EndpointName: id })),
    );
    if (!found?.EndpointArn || found.EndpointStatus === "Deleting") return undefined;
    return {
      name: found.EndpointName,
      endpointConfigName: found.EndpointConfigName,
      arn: found.EndpointArn,
      tags: await readTags(found.EndpointArn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
    if (olds.endpointConfigName === news.endpointConfigName) return;
    await context.client(SageMakerClient).send(
      new UpdateEndpointCommand({
        EndpointName: id,
        EndpointConfigName: news.endpointConfigName,
        DeploymentConfig: deployment(news),
      }),
    );
    await untilInService(id, context);
  },

  async delete(id, _properties, context) {
    const sageMaker = context.client(SageMakerClient);
    await sageMaker.send(new DeleteEndpointCommand({ EndpointName: id }));
    await waitUntil(
      `the deletion of the endpoint ${id}`,
      () => orMissing(sageMaker.send(new DescribeEndpointCommand({ EndpointName: id }))),
      (found) => found === undefined,
      { seconds: 900 },
    );
  },
});
