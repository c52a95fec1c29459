import * as pulumi from "@pulumi/pulumi";

import { parameterArn } from "../shared/arn";
import { CommonArgs } from "../shared/common-args";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";

/** What the gate decides by, and what it reads and writes. */
export interface GateFunctionSpec {
  modelName: string;
  metric: pulumi.Input<string>;
  threshold: pulumi.Input<number>;
  maximumRegression: pulumi.Input<number>;
  championParameterName: pulumi.Input<string>;
  registryBucketArn: pulumi.Input<string>;
  alarmTopicArn?: pulumi.Input<string>;
}

/** Creates the function that decides whether a trained model is registered. */
export function createGateFunction(
  name: string,
  spec: GateFunctionSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const modelObjects = pulumi.interpolate`${spec.registryBucketArn}/${spec.modelName}`;
  const text = (value: pulumi.Input<number>): pulumi.Output<string> => pulumi.output(value).apply(String);
  return createLambdaFunction(
    name,
    {
      bundle: "model-evaluator",
      description: `Decides whether a trained version of ${spec.modelName} is registered.`,
      environment: {
        CHAMPION_PARAMETER: spec.championParameterName,
        GATE_METRIC: spec.metric,
        GATE_THRESHOLD: text(spec.threshold),
        GATE_MAXIMUM_REGRESSION: text(spec.maximumRegression),
      },
      statements: [
        {
          sid: "ReadEvaluation",
          actions: ["s3:GetObject"],
          resources: [pulumi.interpolate`${modelObjects}/evaluations/*`],
        },
        {
          sid: "WriteBaseline",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${modelObjects}/training/*/baseline.json`],
        },
        {
          sid: "ReadChampion",
          actions: ["ssm:GetParameter"],
          resources: [parameterArn(spec.championParameterName, parent)],
        },
      ],
      timeoutSeconds: 120,
      memoryMegabytes: 1024,
      alarmTopicArn: spec.alarmTopicArn,
    },
    common,
    parent,
  );
}
