import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Context } from "aws-lambda";

import type { ModelPointer } from "../../components/contracts/model-pointer";
import { readChampion } from "../shared/champion";
import { readEnvironment } from "../shared/environment";
import { clusterToken } from "./cluster-token";
import { deploymentPatch, deploymentPath, fieldManager } from "./deployment-patch";
import { ClusterAccess, serverSideApply } from "./kubernetes";
import { isSuperseded, promotedPointer, rolledBackPointer } from "./pointer";
import { readApprovedVersion, readPointerHistory, writePointer } from "./registry";
import { Promotion, Rollback, toRequest } from "./request";
import { settingsSchema } from "./settings";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({ namespace: "mlops/rollout" });
const eks = new EKSClient({});
const sageMaker = new SageMakerClient({});
const ssm = new SSMClient({});

/** What an invocation answers. */
export interface PromoterAnswer {
  /** Whether the served version was set by this call. */
  changed: boolean;
  /** One sentence for people. */
  reason: string;
  /** The champion after the call. */
  pointer?: ModelPointer;
}

/**
 * Makes an approved version the one that serves, or goes back to the version before. The Deployment comes first and
 * the pointer second, so that the pointer never names a version that the cluster refused to run. Both steps can be
 * repeated.
 * @param event - "SageMaker Model Package State Change" to Approved, or `{ "action": "rollback", "fromVersion"? }`
 */
export async function handler(event: unknown, context: Context): Promise<PromoterAnswer> {
  logger.addContext(context);
  const request = toRequest(event, settings.MODEL_PACKAGE_GROUP);
  const current = await readChampion(ssm, settings.CHAMPION_PARAMETER);
  const answer = await (request.action === "promote"
    ? promote(request, current)
    : rollBack(request, current));
  logger.info(answer.reason, { answer });
  metrics.addDimension("Model", settings.MODEL_NAME);
  metrics.addMetric(
    request.action === "promote" ? "Promotions" : "Rollbacks",
    MetricUnit.Count,
    answer.changed ? 1 : 0,
  );
  metrics.publishStoredMetrics();
  return answer;
}

async function promote(request: Promotion, current: ModelPointer | undefined): Promise<PromoterAnswer> {
  if (isSuperseded(request.decidedAt, current)) {
    return {
      changed: false,
      reason: `The approval of ${request.modelPackageArn} is older than the decision for version ${current?.version}.`,
      pointer: current,
    };
  }
  const registered = await readApprovedVersion(sageMaker, request.modelPackageArn);
  if (current?.modelPackageArn === registered.arn) {
    // The Deployment may have been recreated since; the fields are applied again, the pointer stays.
    await rollOut(current);
    return { changed: false, reason: `Version ${current.version} serves already.`, pointer: current };
  }
  const times = { decidedAt: request.decidedAt, promotedAt: new Date().toISOString() };
  const pointer = promotedPointer(settings.MODEL_NAME, registered, current, times);
  await moveTo(pointer);
  return { changed: true, reason: `Version ${pointer.version} was promoted.`, pointer };
}

async function rollBack(
  { fromVersion }: Rollback,
  current: ModelPointer | undefined,
): Promise<PromoterAnswer> {
  if (fromVersion !== undefined && current?.version !== fromVersion) {
    const reason = `Version ${current?.version ?? "none"} serves, not ${fromVersion}; nothing was rolled back.`;
    return { changed: false, reason, pointer: current };
  }
  const history = await readPointerHistory(ssm, settings.CHAMPION_PARAMETER);
  const pointer = rolledBackPointer(settings.MODEL_NAME, current, history, new Date().toISOString());
  await moveTo(pointer);
  return { changed: true, reason: `Version ${pointer.version} was brought back.`, pointer };
}

async function moveTo(pointer: ModelPointer): Promise<void> {
  await rollOut(pointer);
  await writePointer(ssm, settings.CHAMPION_PARAMETER, pointer);
}

async function rollOut(pointer: ModelPointer): Promise<void> {
  const deployment = { namespace: settings.NAMESPACE, name: settings.DEPLOYMENT_NAME };
  const patch = deploymentPatch(deployment, pointer);
  await serverSideApply(await clusterAccess(), deploymentPath(deployment), fieldManager, patch);
}

async function clusterAccess(): Promise<ClusterAccess> {
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: settings.CLUSTER_NAME }));
  const certificate = cluster?.certificateAuthority?.data;
  if (cluster?.endpoint === undefined || certificate === undefined) {
    throw new Error(
      `The cluster ${settings.CLUSTER_NAME} is ${cluster?.status ?? "unknown"} and has no endpoint yet.`,
    );
  }
  const token = await clusterToken({
    clusterName: settings.CLUSTER_NAME,
    region: settings.AWS_REGION,
    credentials: eks.config.credentials,
  });
  const certificateAuthority = Buffer.from(certificate, "base64").toString("utf8");
  return { endpoint: cluster.endpoint, certificateAuthority, token };
}
