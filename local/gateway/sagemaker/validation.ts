import type { CreateProcessingJobRequest, CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { AwsError } from "../errors";

const jobName = z
  .string()
  .regex(
    /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
    "must be 1 to 63 letters, digits and single hyphens between them",
  );
const roleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, "must be the ARN of an IAM role");
const s3Uri = z.string().regex(/^s3:\/\/[^/]+/, "must look like s3://bucket/prefix");
const seconds = z.number().int().min(1);
const instances = z.looseObject({ InstanceType: z.string(), InstanceCount: z.number().int().min(1) });
const texts = z.record(z.string(), z.string());

/** The sandbox reads whole prefixes on one host; what it does not do is refused instead of done differently. */
const s3DataSource = z.looseObject({
  S3DataType: z.literal(
    "S3Prefix",
    "must be S3Prefix, the only kind of data source that the sandbox downloads",
  ),
  S3Uri: s3Uri,
  S3DataDistributionType: z
    .literal("FullyReplicated", "must be FullyReplicated, because the sandbox runs one host")
    .optional(),
});

const channel = z.looseObject({
  ChannelName: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, "must be 1 to 64 letters, digits, dots, hyphens, underscores"),
  DataSource: z.looseObject({ S3DataSource: s3DataSource }),
  CompressionType: z.enum(["None", "Gzip"]).optional(),
  InputMode: z.enum(["File", "FastFile"], "must be File or FastFile; the sandbox has no pipes").optional(),
});

const trainingRequest = z.looseObject({
  TrainingJobName: jobName,
  RoleArn: roleArn,
  AlgorithmSpecification: z.looseObject({
    TrainingImage: z.string().optional(),
    TrainingInputMode: z.enum(["File", "FastFile"], "must be File or FastFile; the sandbox has no pipes"),
    ContainerEntrypoint: z.array(z.string()).optional(),
    ContainerArguments: z.array(z.string()).optional(),
    MetricDefinitions: z.array(z.looseObject({ Name: z.string(), Regex: z.string() })).optional(),
  }),
  HyperParameters: texts.optional(),
  Environment: texts.optional(),
  InputDataConfig: z.array(channel).optional(),
  OutputDataConfig: z.looseObject({ S3OutputPath: s3Uri, KmsKeyId: z.string().optional() }),
  ResourceConfig: instances,
  StoppingCondition: z.looseObject({ MaxRuntimeInSeconds: seconds.optional() }),
});

const processingInput = z.looseObject({
  InputName: z.string(),
  S3Input: z.looseObject({
    S3Uri: s3Uri,
    LocalPath: z.string().startsWith("/opt/ml/processing", "must lie under /opt/ml/processing"),
    S3DataType: z.literal(
      "S3Prefix",
      "must be S3Prefix, the only kind of data source that the sandbox downloads",
    ),
    S3CompressionType: z.enum(["None", "Gzip"]).optional(),
  }),
});

const processingOutput = z.looseObject({
  OutputName: z.string(),
  S3Output: z.looseObject({
    S3Uri: s3Uri,
    LocalPath: z.string().startsWith("/opt/ml/processing", "must lie under /opt/ml/processing"),
    S3UploadMode: z.enum(["EndOfJob", "Continuous"]).optional(),
  }),
});

const processingRequest = z.looseObject({
  ProcessingJobName: jobName,
  RoleArn: roleArn,
  AppSpecification: z.looseObject({
    ImageUri: z.string(),
    ContainerEntrypoint: z.array(z.string()).min(1, "must name a command; the sandbox does not start images"),
    ContainerArguments: z.array(z.string()).optional(),
  }),
  ProcessingResources: z.looseObject({ ClusterConfig: instances }),
  ProcessingInputs: z.array(processingInput).optional(),
  ProcessingOutputConfig: z
    .looseObject({ Outputs: z.array(processingOutput), KmsKeyId: z.string().optional() })
    .optional(),
  StoppingCondition: z.looseObject({ MaxRuntimeInSeconds: seconds.optional() }).optional(),
  Environment: texts.optional(),
});

function check<T>(schema: z.ZodType, request: unknown): T {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data as T;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "request"}: ${issue.message}`);
  const errors = issues.length === 1 ? "1 validation error" : `${issues.length} validation errors`;
  throw new AwsError("ValidationException", `${errors} detected: ${issues.join("; ")}`);
}

/** The request of CreateTrainingJob; every wrong field is named in one ValidationException. */
export function checkTrainingRequest(request: unknown): CreateTrainingJobRequest {
  const checked = check<CreateTrainingJobRequest>(trainingRequest, request);
  const hasProgram = checked.HyperParameters?.sagemaker_program !== undefined;
  if (!hasProgram && !checked.AlgorithmSpecification?.ContainerEntrypoint?.length) {
    throw new AwsError(
      "ValidationException",
      "The sandbox does not start training images: set the hyperparameters sagemaker_program and " +
        "sagemaker_submit_directory, or AlgorithmSpecification.ContainerEntrypoint.",
    );
  }
  for (const definition of checked.AlgorithmSpecification?.MetricDefinitions ?? []) {
    try {
      new RegExp(definition.Regex ?? "");
    } catch {
      throw new AwsError(
        "ValidationException",
        `The Regex of the metric "${definition.Name}" is not a regular expression.`,
      );
    }
  }
  return checked;
}

/** The request of CreateProcessingJob; every wrong field is named in one ValidationException. */
export function checkProcessingRequest(request: unknown): CreateProcessingJobRequest {
  return check<CreateProcessingJobRequest>(processingRequest, request);
}
