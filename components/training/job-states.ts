import { catchAll, evaluationPrefix, retryOn, State, StateMachineSpec } from "./state-machine-parts";

/** SageMaker may need this long to find an instance before the clock of the job itself starts, in seconds. */
const startMarginSeconds = 1800;
/** With spot instances a job may wait as long as it may run. */
const spotWaitFactor = 2;

/** Time after which the states of the jobs are given up. */
export function jobStateTimeouts(spec: StateMachineSpec): { train: number; evaluate: number } {
  const { maximumRuntimeSeconds, useSpotInstances } = spec;
  return {
    train: maximumRuntimeSeconds * (useSpotInstances ? spotWaitFactor : 1) + startMarginSeconds,
    evaluate: maximumRuntimeSeconds + startMarginSeconds,
  };
}

/**
 * Only errors of the request are tried again: the job's name is the execution's, so that a job exists once however
 * often its creation is asked for, and a job that failed would fail on the same data again.
 */
const jobRetry = retryOn([
  "SageMaker.AmazonSageMakerException",
  "SageMaker.ThrottlingException",
  "SageMaker.ResourceLimitExceededException",
]);

/** Instances with a disk of their own refuse a key for a volume; their disk is encrypted by the hardware. */
const instancesWithOwnDisk = /^ml\.(\w*\dg?d\w*|g[456]\w*|p[45]\w*|trn\w*)\./;

function volumeKey({ kmsKeyArn, instanceType }: StateMachineSpec): State {
  return kmsKeyArn === undefined || instancesWithOwnDisk.test(instanceType)
    ? {}
    : { VolumeKmsKeyId: kmsKeyArn };
}

function network({ subnetIds, securityGroupIds }: StateMachineSpec): State {
  return subnetIds === undefined
    ? {}
    : { VpcConfig: { Subnets: subnetIds, SecurityGroupIds: securityGroupIds ?? [] } };
}

function jobName({ jobNamePrefix }: StateMachineSpec): string {
  return `States.Format('${jobNamePrefix}-{}', $$.Execution.Name)`;
}

/** S3 URI of the training sources. */
function sourceArchive({ sourceUri }: StateMachineSpec): string {
  return `${sourceUri}/source.tar.gz`;
}

/** The state that trains: a SageMaker training job in script mode. */
export function trainState(spec: StateMachineSpec): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync",
    Parameters: trainingJob(spec),
    ResultSelector: {
      "jobName.$": "$.TrainingJobName",
      "modelDataUrl.$": "$.ModelArtifacts.S3ModelArtifacts",
    },
    ResultPath: "$.training",
    TimeoutSeconds: jobStateTimeouts(spec).train,
    Retry: jobRetry,
    Catch: catchAll,
    Next: "Evaluate",
  };
}

function trainingJob(spec: StateMachineSpec): State {
  const { registryBucketName, modelName, kmsKeyArn, maximumRuntimeSeconds, useSpotInstances } = spec;
  return {
    "TrainingJobName.$": jobName(spec),
    RoleArn: spec.roleArn,
    AlgorithmSpecification: { TrainingImage: spec.trainingImage, TrainingInputMode: "File" },
    HyperParameters: {
      ...spec.hyperparameters,
      sagemaker_program: "train.py",
      sagemaker_submit_directory: sourceArchive(spec),
    },
    InputDataConfig: [
      {
        ChannelName: "train",
        DataSource: {
          S3DataSource: {
            S3DataType: "S3Prefix",
            "S3Uri.$": "$.dataUri",
            S3DataDistributionType: "FullyReplicated",
          },
        },
      },
    ],
    OutputDataConfig: {
      S3OutputPath: `s3://${registryBucketName}/${modelName}/training`,
      ...(kmsKeyArn === undefined ? {} : { KmsKeyId: kmsKeyArn }),
    },
    ResourceConfig: {
      InstanceType: spec.instanceType,
      InstanceCount: spec.instanceCount,
      VolumeSizeInGB: spec.volumeSizeGigabytes,
      ...volumeKey(spec),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: maximumRuntimeSeconds,
      ...(useSpotInstances ? { MaxWaitTimeInSeconds: maximumRuntimeSeconds * spotWaitFactor } : {}),
    },
    // Isolation would forbid the container to fetch its sources; subnets with an S3 endpoint keep it off the internet.
    EnableNetworkIsolation: false,
    EnableInterContainerTrafficEncryption: spec.instanceCount > 1,
    ...(useSpotInstances
      ? {
          EnableManagedSpotTraining: true,
          CheckpointConfig: {
            "S3Uri.$": `States.Format('s3://${registryBucketName}/${modelName}/checkpoints/{}', $$.Execution.Name)`,
          },
        }
      : {}),
    ...network(spec),
  };
}

const processing = "/opt/ml/processing";

/**
 * The state that evaluates: a SageMaker processing job in the training image. It unpacks the sources that trained the
 * model and runs `evaluate.py` on the same data, from which the script takes the rows that training left out.
 */
export function evaluateState(spec: StateMachineSpec): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::sagemaker:createProcessingJob.sync",
    Parameters: processingJob(spec),
    ResultPath: null,
    TimeoutSeconds: jobStateTimeouts(spec).evaluate,
    Retry: jobRetry,
    Catch: catchAll,
    Next: "Gate",
  };
}

function processingJob(spec: StateMachineSpec): State {
  const { kmsKeyArn } = spec;
  return {
    "ProcessingJobName.$": jobName(spec),
    RoleArn: spec.roleArn,
    AppSpecification: {
      ImageUri: spec.trainingImage,
      ContainerEntrypoint: ["/bin/bash", "-c"],
      ContainerArguments: [evaluationCommand()],
    },
    ProcessingInputs: [
      processingInput("code", { S3Uri: sourceArchive(spec) }),
      processingInput("model", { "S3Uri.$": "$.training.modelDataUrl" }),
      processingInput("data", { "S3Uri.$": "$.dataUri" }),
    ],
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: "evaluation",
          S3Output: {
            "S3Uri.$": `States.Format('${evaluationPrefix(spec)}/{}', $$.Execution.Name)`,
            LocalPath: `${processing}/output`,
            S3UploadMode: "EndOfJob",
          },
        },
      ],
      ...(kmsKeyArn === undefined ? {} : { KmsKeyId: kmsKeyArn }),
    },
    ProcessingResources: {
      ClusterConfig: {
        InstanceType: spec.instanceType,
        InstanceCount: 1,
        VolumeSizeInGB: spec.volumeSizeGigabytes,
        ...volumeKey(spec),
      },
    },
    StoppingCondition: { MaxRuntimeInSeconds: spec.maximumRuntimeSeconds },
    // SageMaker brings the inputs and takes the outputs, so the script needs no network at all.
    NetworkConfig: { EnableNetworkIsolation: true, ...network(spec) },
  };
}

function evaluationCommand(): string {
  const code = `${processing}/input/code`;
  return [
    `tar -xzf ${code}/source.tar.gz -C ${code}`,
    `python3 ${code}/evaluate.py --model ${processing}/input/model --data ${processing}/input/data --output ${processing}/output`,
  ].join(" && ");
}

function processingInput(name: string, source: Record<string, string>): State {
  return {
    InputName: name,
    S3Input: {
      ...source,
      LocalPath: `${processing}/input/${name}`,
      S3DataType: "S3Prefix",
      S3InputMode: "File",
      S3DataDistributionType: "FullyReplicated",
    },
  };
}
