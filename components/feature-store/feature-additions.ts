import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { NamedType } from "../contracts/feature-definition";
import type { CommonArgs } from "../shared/common-args";
import { createLambdaFunction } from "../shared/lambda-function";
import { removalGuard } from "./removal-guard";

/** A feature group and what it shall hold. */
export interface FeatureAdditionsSpec {
  group: aws.sagemaker.FeatureGroup;
  /** Physical name of the group. */
  featureGroupName: string;
  features: { name: pulumi.Input<string>; type: pulumi.Input<string> }[];
  /** Topic told when a call of the function is lost. */
  alarmTopicArn: pulumi.Input<string> | undefined;
}

/**
 * Adds features to a deployed group. AWS's provider would replace the group for that, with all that it holds, though
 * SageMaker can add features in place; so the provider is told to ignore them and a function adds them, called by the
 * deployment whenever the declaration changes.
 */
export function createFeatureAdditions(
  name: string,
  { group, featureGroupName, features, alarmTopicArn }: FeatureAdditionsSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): aws.lambda.Invocation {
  const { function: updater } = createLambdaFunction(
    `${name}-features`,
    {
      bundle: "feature-group-updater",
      description: `Adds new features to the feature group ${featureGroupName}.`,
      environment: {},
      statements: [
        {
          sid: "AddFeatures",
          actions: ["sagemaker:DescribeFeatureGroup", "sagemaker:UpdateFeatureGroup"],
          resources: [group.arn],
        },
      ],
      timeoutSeconds: 600,
      memoryMegabytes: 256,
      alarmTopicArn,
    },
    common,
    parent,
  );
  return new aws.lambda.Invocation(
    `${name}-features`,
    {
      functionName: updater.name,
      // The name of the group and not its output: the guard needs it in a preview.
      input: pulumi.jsonStringify({
        featureGroupName,
        features: features.map((feature) => ({ name: feature.name, type: feature.type })),
      }),
      lifecycleScope: "CRUD",
    },
    { parent, dependsOn: [group], ...removalGuard(`${name}-features`, featuresOfInvocation) },
  );
}

function featuresOfInvocation(inputs: Record<string, unknown>): Record<string, NamedType[]> | undefined {
  if (typeof inputs.input !== "string") return undefined;
  const { featureGroupName, features } = JSON.parse(inputs.input) as {
    featureGroupName: string;
    features: NamedType[];
  };
  return { [featureGroupName]: features };
}
