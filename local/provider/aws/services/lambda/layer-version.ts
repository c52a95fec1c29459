import {
  DeleteLayerVersionCommand,
  GetLayerVersionCommand,
  LambdaClient,
  PublishLayerVersionCommand,
  type PublishLayerVersionCommandInput,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { defineResource } from "../../framework/types";
import { orMissing } from "../support/missing";
import { codeOf } from "./code";

/** The layer and the version inside the ARN of a layer version, which is the id. */
function partsOf(id: string): { LayerName: string; VersionNumber: number } {
  const parts = id.split(":");
  return { LayerName: parts.at(-2) ?? "", VersionNumber: Number(parts.at(-1)) };
}

/** Versions of a layer cannot be changed: every change publishes a new one. */
export const layerVersion = defineResource<aws.lambda.LayerVersionArgs>({
  type: "aws:lambda/layerVersion:LayerVersion",
  required: ["layerName"],
  replaceOn: [
    "code",
    "compatibleArchitectures",
    "compatibleRuntimes",
    "description",
    "layerName",
    "licenseInfo",
    "s3Bucket",
    "s3Key",
    "s3ObjectVersion",
    "sourceCodeHash",
  ],
  unordered: ["compatibleArchitectures", "compatibleRuntimes"],
  computed: ["arn", "layerArn", "version", "createdDate", "codeSha256", "sourceCodeSize"],

  async create(inputs, context) {
    const { LayerVersionArn } = await context.client(LambdaClient).send(
      new PublishLayerVersionCommand({
        LayerName: inputs.layerName,
        Description: inputs.description,
        LicenseInfo: inputs.licenseInfo,
        Content: codeOf(inputs),
        CompatibleRuntimes:
          inputs.compatibleRuntimes as PublishLayerVersionCommandInput["CompatibleRuntimes"],
        CompatibleArchitectures:
          inputs.compatibleArchitectures as PublishLayerVersionCommandInput["CompatibleArchitectures"],
      }),
    );
    context.created(LayerVersionArn!);
    return { id: LayerVersionArn! };
  },

  async read(id, properties, context) {
    const found = await orMissing(context.client(LambdaClient).send(new GetLayerVersionCommand(partsOf(id))));
    if (!found) return undefined;
    return {
      layerName: properties.layerName ?? partsOf(id).LayerName,
      arn: found.LayerVersionArn,
      layerArn: found.LayerArn,
      version: String(found.Version),
      createdDate: found.CreatedDate,
      codeSha256: found.Content?.CodeSha256,
      sourceCodeSize: found.Content?.CodeSize,
      description: found.Description || undefined,
      licenseInfo: found.LicenseInfo || undefined,
      compatibleRuntimes: found.CompatibleRuntimes ?? [],
      compatibleArchitectures: found.CompatibleArchitectures ?? [],
    };
  },

  async delete(id, properties, context) {
    if (properties.skipDestroy) return;
    await context.client(LambdaClient).send(new DeleteLayerVersionCommand(partsOf(id)));
  },
});
