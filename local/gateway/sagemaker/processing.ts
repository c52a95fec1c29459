import * as fsp from "node:fs/promises";
import * as path from "node:path";

import { ProcessingJob, withoutTags } from "./job";
import { baseEnvironment, resolveProgram, resourceConfiguration } from "./job-environment";
import type { JobCommand } from "./job-process";
import type { JobServices } from "./job-services";
import { localRoot, toLocal } from "./paths";
import { downloadPrefix, uploadFolder } from "./s3-transfer";

async function writeConfiguration(job: ProcessingJob, root: string): Promise<void> {
  const folder = path.join(localRoot(root), "config");
  await fsp.mkdir(folder, { recursive: true });
  const instanceType = job.request.ProcessingResources?.ClusterConfig?.InstanceType ?? "local";
  const files = {
    "processingjobconfig.json": { ProcessingJobArn: job.arn, ...withoutTags(job.request) },
    "resourceconfig.json": resourceConfiguration(instanceType),
  };
  for (const [name, content] of Object.entries(files)) {
    await fsp.writeFile(path.join(folder, name), JSON.stringify(content, undefined, 2));
  }
}

/** Downloads the job's inputs, makes its output folders, and says what to run. */
export async function prepareProcessing(
  job: ProcessingJob,
  root: string,
  services: JobServices,
): Promise<JobCommand> {
  await writeConfiguration(job, root);
  const processing = path.join(localRoot(root), "processing");
  await fsp.mkdir(processing, { recursive: true });
  await fsp.mkdir(path.join(localRoot(root), "output"), { recursive: true });
  for (const input of job.request.ProcessingInputs ?? []) {
    const folder = toLocal(input.S3Input?.LocalPath ?? "", root);
    await downloadPrefix(
      services.s3,
      input.S3Input?.S3Uri ?? "",
      folder,
      input.S3Input?.S3CompressionType === "Gzip",
    );
  }
  for (const output of job.request.ProcessingOutputConfig?.Outputs ?? []) {
    await fsp.mkdir(toLocal(output.S3Output?.LocalPath ?? "", root), { recursive: true });
  }
  const specification = job.request.AppSpecification;
  const [entry = "", ...rest] = specification?.ContainerEntrypoint ?? [];
  const own = Object.entries(job.request.Environment ?? {}).map(([name, value]) => [
    name,
    toLocal(value, root),
  ]);
  return {
    program: resolveProgram(toLocal(entry, root), services),
    arguments: [...rest, ...(specification?.ContainerArguments ?? [])].map((text) => toLocal(text, root)),
    environment: {
      ...baseEnvironment(services),
      PROCESSING_JOB_NAME: job.name,
      PROCESSING_JOB_ARN: job.arn,
      ...(Object.fromEntries(own) as Record<string, string>),
    },
    directory: processing,
  };
}

/** Uploads the job's outputs. */
export async function uploadProcessing(
  job: ProcessingJob,
  root: string,
  services: JobServices,
): Promise<void> {
  const configuration = job.request.ProcessingOutputConfig;
  for (const output of configuration?.Outputs ?? []) {
    const folder = toLocal(output.S3Output?.LocalPath ?? "", root);
    await uploadFolder(services.s3, folder, output.S3Output?.S3Uri ?? "", configuration?.KmsKeyId);
  }
}
