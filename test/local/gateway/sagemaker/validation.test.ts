import { checkProcessingRequest, checkTrainingRequest } from "../../../../local/gateway/sagemaker/validation";

type Json = Record<string, unknown>;
const RoleArn = "arn:aws:iam::123456789012:role/r";
const s3 = (changes: Json = {}): Json => ({
  ChannelName: "train",
  DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://b/data/", ...changes } },
});
const training = (changes: Json = {}): Json => ({
  TrainingJobName: "job-1",
  RoleArn,
  AlgorithmSpecification: { TrainingInputMode: "File" },
  HyperParameters: { sagemaker_program: "train.py", sagemaker_submit_directory: "s3://b/source.tar.gz" },
  InputDataConfig: [s3()],
  OutputDataConfig: { S3OutputPath: "s3://b/models/" },
  ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 5 },
  StoppingCondition: { MaxRuntimeInSeconds: 60 },
  ...changes,
});
const processing = (changes: Json = {}): Json => ({
  ProcessingJobName: "job-1",
  RoleArn,
  AppSpecification: { ImageUri: "image", ContainerEntrypoint: ["python3", "/opt/ml/processing/code/run.py"] },
  ProcessingResources: {
    ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 5 },
  },
  ...changes,
});

it("takes good requests and keeps what it does not know", () => {
  expect(checkTrainingRequest(training({ EnableNetworkIsolation: true }))).toHaveProperty(
    "EnableNetworkIsolation",
    true,
  );
  expect(checkProcessingRequest(processing())).toHaveProperty("ProcessingJobName", "job-1");
});

test.each<[string, Json, string]>([
  ["a name with an underscore", { TrainingJobName: "job_1" }, "TrainingJobName: must be 1 to 63"],
  ["a role's name", { RoleArn: "r" }, "RoleArn: must be the ARN of an IAM role"],
  [
    "an output that is not on S3",
    { OutputDataConfig: { S3OutputPath: "/tmp" } },
    "OutputDataConfig.S3OutputPath: must look like",
  ],
  [
    "a sharded channel",
    { InputDataConfig: [s3({ S3DataDistributionType: "ShardedByS3Key" })] },
    "must be FullyReplicated",
  ],
  [
    "a manifest",
    { InputDataConfig: [s3({ S3DataType: "ManifestFile" })] },
    "InputDataConfig.0.DataSource.S3DataSource.S3DataType",
  ],
  ["a pipe", { AlgorithmSpecification: { TrainingInputMode: "Pipe" } }, "the sandbox has no pipes"],
  ["no time", { StoppingCondition: { MaxRuntimeInSeconds: 0 } }, "StoppingCondition.MaxRuntimeInSeconds"],
  ["an image alone", { HyperParameters: {} }, "The sandbox does not start training images"],
  [
    "a broken metric",
    { AlgorithmSpecification: { TrainingInputMode: "File", MetricDefinitions: [{ Name: "m", Regex: "(" }] } },
    'The Regex of the metric "m" is not a regular expression',
  ],
])("refuses a training job with %s", (_case, changes, sentence) => {
  expect(() => checkTrainingRequest(training(changes))).toThrow(sentence);
});

test.each<[string, Json, string]>([
  [
    "no command",
    { AppSpecification: { ImageUri: "i", ContainerEntrypoint: [] } },
    "the sandbox does not start images",
  ],
  [
    "an input outside its folder",
    {
      ProcessingInputs: [
        { InputName: "a", S3Input: { S3Uri: "s3://b", LocalPath: "/etc", S3DataType: "S3Prefix" } },
      ],
    },
    "must lie under /opt/ml/processing",
  ],
])("refuses a processing job with %s", (_case, changes, sentence) => {
  expect(() => checkProcessingRequest(processing(changes))).toThrow(sentence);
});

it("names every fault at once, as a ValidationException", () => {
  expect(() => checkTrainingRequest(training({ TrainingJobName: "", RoleArn: "r" }))).toThrow(
    expect.objectContaining({
      code: "ValidationException",
      message: expect.stringMatching(
        /^2 validation errors detected: TrainingJobName: .*; RoleArn: /,
      ) as unknown,
    }),
  );
});
