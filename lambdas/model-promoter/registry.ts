import { DescribeModelPackageCommand, ModelApprovalStatus, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { GetParameterHistoryCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

import type { ModelPointer } from "../../components/contracts/model-pointer";
import { parsePointer } from "../shared/champion";
import type { RegisteredVersion } from "./pointer";

/**
 * Reads an approved version.
 * @throws Error when it is not approved any more, or has no artefact
 */
export async function readApprovedVersion(
  sageMaker: SageMakerClient,
  arn: string,
): Promise<RegisteredVersion> {
  const answer = await sageMaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
  if (answer.ModelApprovalStatus !== ModelApprovalStatus.APPROVED) {
    throw new Error(`${arn} is ${answer.ModelApprovalStatus}; only an approved version is promoted.`);
  }
  const modelDataUrl = answer.InferenceSpecification?.Containers?.[0]?.ModelDataUrl;
  const version = answer.ModelPackageVersion;
  if (modelDataUrl === undefined || version === undefined) {
    throw new Error(`${arn} has no version number or no model artefact.`);
  }
  return { arn, version, modelDataUrl, metadata: answer.CustomerMetadataProperties ?? {} };
}

/** Every pointer that a parameter held, oldest first. */
export async function readPointerHistory(ssm: SSMClient, parameter: string): Promise<ModelPointer[]> {
  const pointers: ModelPointer[] = [];
  let token: string | undefined;
  do {
    const page = await ssm.send(new GetParameterHistoryCommand({ Name: parameter, NextToken: token }));
    for (const { Value: value } of page.Parameters ?? []) {
      const pointer = value === undefined ? undefined : parsePointer(value, parameter);
      if (pointer !== undefined) pointers.push(pointer);
    }
    token = page.NextToken;
  } while (token !== undefined);
  return pointers;
}

/** Moves the pointer. */
export async function writePointer(ssm: SSMClient, parameter: string, pointer: ModelPointer): Promise<void> {
  await ssm.send(
    new PutParameterCommand({ Name: parameter, Value: JSON.stringify(pointer), Overwrite: true }),
  );
}
