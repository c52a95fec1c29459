import { ModelApprovalStatus, UpdateModelPackageCommand } from "@aws-sdk/client-sagemaker";
import { GetParameterCommand } from "@aws-sdk/client-ssm";

import { ModelPointer } from "../../../components/contracts/model-pointer";
import { eventually, expectThat } from "../check";
import { DemoContext } from "../context";
import { RegisteredVersion } from "./training";

/** Approves a registered version, as a person would in the console. */
export async function approve(
  { clients, say }: DemoContext,
  { arn, version }: RegisteredVersion,
): Promise<void> {
  await clients.sagemaker.send(
    new UpdateModelPackageCommand({
      ModelPackageArn: arn,
      ModelApprovalStatus: ModelApprovalStatus.APPROVED,
      ApprovalDescription: "Approved in the demo: the metrics hold.",
    }),
  );
  say(`version ${version} approved`);
}

/** The champion as the pointer says it, or undefined before the first promotion. */
export async function readChampion({ clients, model }: DemoContext): Promise<ModelPointer | undefined> {
  const { Parameter } = await clients.ssm.send(
    new GetParameterCommand({ Name: model.championParameterName }),
  );
  const value = Parameter?.Value ?? "";
  return value.startsWith("{") ? (JSON.parse(value) as ModelPointer) : undefined;
}

/** Waits until the pointer and the cluster's Deployment both say that a version serves. */
export async function expectServed(context: DemoContext, version: number): Promise<ModelPointer> {
  const { clients, model, say } = context;
  const champion = await eventually(`version ${version} as champion`, 60, async () => {
    const pointer = await readChampion(context);
    return pointer?.version === version ? pointer : undefined;
  });
  const deployment = await clients.apps.readNamespacedDeployment({
    name: model.deploymentName,
    namespace: model.namespaceName,
  });
  const container = deployment.spec?.template.spec?.containers.find(({ name }) => name === "model-server");
  const environment = Object.fromEntries(container?.env?.map(({ name, value }) => [name, value]) ?? []);
  expectThat(
    environment.MODEL_VERSION === String(version) && environment.MODEL_URI === champion.modelDataUrl,
    `the Deployment ${model.deploymentName} runs version ${version} from ${champion.modelDataUrl}; ` +
      `it has version ${environment.MODEL_VERSION} from ${environment.MODEL_URI}`,
  );
  say(`pointer and Deployment ${model.namespaceName}/${model.deploymentName} say version ${version}`);
  return champion;
}
