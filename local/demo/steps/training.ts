import * as fs from "node:fs";
import * as path from "node:path";

import { DescribeModelPackageCommand, ListModelPackagesCommand } from "@aws-sdk/client-sagemaker";
import { DescribeExecutionCommand, ExecutionStatus, GetExecutionHistoryCommand } from "@aws-sdk/client-sfn";
import { create } from "tar";

import { eventually, expectThat } from "../check";
import { DemoContext } from "../context";
import { scriptsFolder, trainingScripts } from "../python";
import { upload } from "../storage";

/** A training run ends within this time or the demo fails, in seconds. */
const trainingPatience = 420;

/** Brings the model's training sources to where the pipeline reads them. */
export async function uploadSources(context: DemoContext, folder = scriptsFolder): Promise<void> {
  const archive = path.join(context.folder, "source.tar.gz");
  await create({ gzip: true, portable: true, cwd: folder, file: archive }, trainingScripts);
  const key = `${context.model.sourcePrefix}/source.tar.gz`;
  await upload(context.clients.s3, context.outputs.registryBucketName, key, fs.readFileSync(archive));
  context.say(`${trainingScripts.join(", ")} uploaded as ${key}`);
}

/** Number of the newest version in the model's package group; 0 when there is none. */
export async function newestVersion({ clients, model }: DemoContext): Promise<number> {
  const { ModelPackageSummaryList = [] } = await clients.sagemaker.send(
    new ListModelPackagesCommand({ ModelPackageGroupName: model.modelPackageGroupName }),
  );
  return Math.max(0, ...ModelPackageSummaryList.map(({ ModelPackageVersion }) => ModelPackageVersion ?? 0));
}

/** What the registry holds of one version. */
export interface RegisteredVersion {
  version: number;
  arn: string;
  status: string;
  metadata: Record<string, string>;
  modelDataUrl: string;
}

/** Waits for the end of a run of the training pipeline. @returns its output */
export async function awaitTraining(context: DemoContext, executionArn: string): Promise<unknown> {
  const { clients, say } = context;
  const execution = await eventually(
    `the end of the training run ${executionArn}`,
    trainingPatience,
    async () => {
      const answer = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      return answer.status === ExecutionStatus.RUNNING ? undefined : answer;
    },
  );
  const states = await statesEntered(context, executionArn);
  say(`states: ${states.join(" → ")}`);
  expectThat(
    execution.status === ExecutionStatus.SUCCEEDED,
    `the training run succeeds; it ended as ${execution.status}: ${execution.error ?? ""} ${execution.cause ?? ""}`,
  );
  return JSON.parse(execution.output ?? "null");
}

async function statesEntered({ clients }: DemoContext, executionArn: string): Promise<string[]> {
  const { events = [] } = await clients.sfn.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
  );
  return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
}

/** Reads one version from the registry. */
export async function readVersion(
  { clients, model }: DemoContext,
  version: number,
): Promise<RegisteredVersion> {
  const { ModelPackageSummaryList = [] } = await clients.sagemaker.send(
    new ListModelPackagesCommand({ ModelPackageGroupName: model.modelPackageGroupName }),
  );
  const summary = ModelPackageSummaryList.find(({ ModelPackageVersion }) => ModelPackageVersion === version);
  expectThat(summary !== undefined, `the registry holds version ${version}`);
  const answer = await clients.sagemaker.send(
    new DescribeModelPackageCommand({ ModelPackageName: summary?.ModelPackageArn }),
  );
  return {
    version,
    arn: answer.ModelPackageArn ?? "",
    status: answer.ModelApprovalStatus ?? "",
    metadata: answer.CustomerMetadataProperties ?? {},
    modelDataUrl: answer.InferenceSpecification?.Containers?.[0]?.ModelDataUrl ?? "",
  };
}
