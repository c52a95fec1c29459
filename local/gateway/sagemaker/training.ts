import { execFile } from "node:child_process";
import * as fsp from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

import type { Channel, CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";

import { hyperparameterEnvironment, plainValue, scriptArguments } from "./hyperparameters";
import type { TrainingJob } from "./job";
import {
  baseEnvironment,
  hostName,
  JobSurroundings,
  resolveProgram,
  resourceConfiguration,
} from "./job-environment";
import type { JobCommand } from "./job-process";
import type { JobServices } from "./job-services";
import { localRoot, toLocal } from "./paths";
import {
  ClientError,
  downloadObject,
  downloadPrefix,
  filesBelow,
  joinS3Uri,
  parseS3Uri,
  uploadFile,
} from "./s3-transfer";

const run = promisify(execFile);

/** Folders of a training job's own `/opt/ml`. */
function folders(root: string) {
  const base = localRoot(root);
  return {
    base,
    configuration: path.join(base, "input", "config"),
    data: path.join(base, "input", "data"),
    model: path.join(base, "model"),
    output: path.join(base, "output"),
    outputData: path.join(base, "output", "data"),
    intermediate: path.join(base, "output", "intermediate"),
    checkpoints: path.join(base, "checkpoints"),
    code: path.join(base, "code"),
  };
}

function channelConfiguration(channels: Channel[]): Record<string, unknown> {
  return Object.fromEntries(
    channels.map((channel) => [
      channel.ChannelName,
      { TrainingInputMode: "File", S3DistributionType: "FullyReplicated", RecordWrapperType: "None" },
    ]),
  );
}

async function writeConfiguration(request: CreateTrainingJobRequest, folder: string): Promise<void> {
  const files: Record<string, unknown> = {
    "hyperparameters.json": request.HyperParameters ?? {},
    "inputdataconfig.json": channelConfiguration(request.InputDataConfig ?? []),
    "resourceconfig.json": resourceConfiguration(request.ResourceConfig?.InstanceType ?? "local"),
  };
  for (const [name, content] of Object.entries(files)) {
    await fsp.writeFile(path.join(folder, name), JSON.stringify(content, undefined, 2));
  }
}

async function downloadChannels(channels: Channel[], folder: string, services: JobServices): Promise<void> {
  for (const channel of channels) {
    const uri = channel.DataSource?.S3DataSource?.S3Uri ?? "";
    await downloadPrefix(
      services.s3,
      uri,
      path.join(folder, channel.ChannelName ?? ""),
      channel.CompressionType === "Gzip",
    );
  }
}

async function unpackSource(submitDirectory: string, folder: string, services: JobServices): Promise<void> {
  const archive = path.join(folder, "..", "sourcedir.tar.gz");
  try {
    await downloadObject(services.s3, parseS3Uri(submitDirectory), archive);
    await run("tar", ["-xzf", archive, "-C", folder]);
  } catch (error) {
    throw new ClientError(`The source ${submitDirectory} could not be unpacked: ${(error as Error).message}`);
  }
}

function channelEnvironment(channels: Channel[], folder: string): Record<string, string> {
  const names = channels.map((channel) => channel.ChannelName ?? "");
  const single = names.map((name) => [`SM_CHANNEL_${name.toUpperCase()}`, path.join(folder, name)]);
  return { ...Object.fromEntries(single), SM_CHANNELS: JSON.stringify(names) };
}

/** The variables of SageMaker's training toolkit, with the job's own folders in place of `/opt/ml`. */
function toolkitEnvironment(job: TrainingJob, root: string, program: string): Record<string, string> {
  const at = folders(root);
  const hyperparameters = job.request.HyperParameters ?? {};
  const channels = job.request.InputDataConfig ?? [];
  const resources = resourceConfiguration(job.request.ResourceConfig?.InstanceType ?? "local");
  return {
    ...hyperparameterEnvironment(hyperparameters),
    ...channelEnvironment(channels, at.data),
    SM_MODEL_DIR: at.model,
    SM_INPUT_DIR: path.join(at.base, "input"),
    SM_INPUT_CONFIG_DIR: at.configuration,
    SM_OUTPUT_DIR: at.output,
    SM_OUTPUT_DATA_DIR: at.outputData,
    SM_OUTPUT_INTERMEDIATE_DIR: at.intermediate,
    SM_MODULE_DIR: plainValue(hyperparameters.sagemaker_submit_directory ?? ""),
    SM_MODULE_NAME: path.basename(program, ".py"),
    SM_USER_ENTRY_POINT: program,
    SM_USER_ARGS: JSON.stringify(scriptArguments(hyperparameters)),
    SM_INPUT_DATA_CONFIG: JSON.stringify(channelConfiguration(channels)),
    SM_RESOURCE_CONFIG: JSON.stringify(resources),
    SM_HOSTS: JSON.stringify([hostName]),
    SM_CURRENT_HOST: hostName,
    SM_CURRENT_INSTANCE_TYPE: String(resources.current_instance_type),
    SM_NETWORK_INTERFACE_NAME: "lo",
    SM_NUM_CPUS: String(os.availableParallelism()),
    SM_NUM_GPUS: "0",
    SM_NUM_NEURONS: "0",
    SM_LOG_LEVEL: "20",
    SM_FRAMEWORK_PARAMS: "{}",
    TRAINING_JOB_NAME: job.name,
    TRAINING_JOB_ARN: job.arn,
  };
}

function localized(variables: Record<string, string>, root: string): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, toLocal(value, root)]));
}

/** Lays out the job's folder as SageMaker lays out its container, and says what to run in it. */
export async function prepareTraining(
  job: TrainingJob,
  root: string,
  services: JobServices,
): Promise<JobCommand> {
  const at = folders(root);
  for (const folder of Object.values(at)) await fsp.mkdir(folder, { recursive: true });
  await writeConfiguration(job.request, at.configuration);
  await downloadChannels(job.request.InputDataConfig ?? [], at.data, services);
  return await commandOf(job, root, services);
}

async function commandOf(job: TrainingJob, root: string, services: JobServices): Promise<JobCommand> {
  const at = folders(root);
  const surroundings: JobSurroundings = services;
  const hyperparameters = job.request.HyperParameters ?? {};
  const program = plainValue(hyperparameters.sagemaker_program ?? "");
  const environment = {
    ...baseEnvironment(surroundings),
    ...toolkitEnvironment(job, root, program),
    ...localized(job.request.Environment ?? {}, root),
  };
  if (program === "") {
    const specification = job.request.AlgorithmSpecification;
    const [entry = "", ...rest] = specification?.ContainerEntrypoint ?? [];
    return {
      program: resolveProgram(toLocal(entry, root), surroundings),
      arguments: [...rest, ...(specification?.ContainerArguments ?? [])].map((text) => toLocal(text, root)),
      environment,
      directory: at.code,
    };
  }
  await unpackSource(plainValue(hyperparameters.sagemaker_submit_directory ?? ""), at.code, services);
  await fsp.access(path.join(at.code, program)).catch(() => {
    throw new ClientError(`The source holds no file "${program}", which sagemaker_program names.`);
  });
  const shell = program.endsWith(".sh");
  const command = shell ? "bash" : surroundings.python;
  return {
    program: command,
    arguments: [program, ...scriptArguments(hyperparameters)],
    environment,
    directory: at.code,
  };
}

async function packFolder(folder: string, archive: string): Promise<void> {
  await run("tar", ["-czf", archive, "-C", folder, "."]);
}

/** Uploads model.tar.gz, and output.tar.gz where the script wrote more; the URI of the model. */
export async function uploadTraining(job: TrainingJob, root: string, services: JobServices): Promise<string> {
  const at = folders(root);
  const target = job.request.OutputDataConfig;
  const destination = joinS3Uri(target?.S3OutputPath ?? "", job.name, "output");
  if ((await filesBelow(at.outputData)).length > 0) {
    const archive = path.join(root, "output.tar.gz");
    await packFolder(at.outputData, archive);
    await uploadFile(services.s3, archive, joinS3Uri(destination, "output.tar.gz"), target?.KmsKeyId);
  }
  const archive = path.join(root, "model.tar.gz");
  await packFolder(at.model, archive);
  const uri = joinS3Uri(destination, "model.tar.gz");
  await uploadFile(services.s3, archive, uri, target?.KmsKeyId);
  return uri;
}
