import {
  DeleteModelPackageCommand,
  paginateListModelPackages,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type { Stack } from "@pulumi/pulumi/automation";

import type { Sandbox } from "../sandbox";
import { managedResources, stateOf } from "./deployment";

const packageGroup = "aws:sagemaker/modelPackageGroup:ModelPackageGroup";

/**
 * Deletes the registered versions of the stack's models. SageMaker refuses to delete a package group that has any, and
 * they were made by the pipelines, so the engine does not know them.
 * @returns how many there were
 */
export async function emptyRegistry(sandbox: Sandbox, stack: Stack): Promise<number> {
  const sagemaker = new SageMakerClient({
    endpoint: sandbox.gatewayUrl,
    region: sandbox.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const groups = managedResources(stateOf(await stack.exportStack())).filter(
    ({ type }) => type === packageGroup,
  );
  let count = 0;
  for (const { id } of groups) {
    // All pages first: deleting between two of them would move what the next one holds.
    for (const arn of await registeredVersions(sagemaker, id)) {
      await sagemaker.send(new DeleteModelPackageCommand({ ModelPackageName: arn }));
      count++;
    }
  }
  return count;
}

async function registeredVersions(
  client: SageMakerClient,
  group: string | undefined,
): Promise<(string | undefined)[]> {
  const arns: (string | undefined)[] = [];
  const pages = paginateListModelPackages({ client, pageSize: 100 }, { ModelPackageGroupName: group });
  for await (const { ModelPackageSummaryList = [] } of pages)
    arns.push(...ModelPackageSummaryList.map(({ ModelPackageArn }) => ModelPackageArn));
  return arns;
}
