/** Everything that the definition of the training pipeline depends on; all values are known. */
export interface StateMachineSpec {
  modelName: string;
  /** Beginning of job names. */
  jobNamePrefix: string;
  trainingImage: string;
  servingImage: string;
  /** S3 prefix with `source.tar.gz`, without a slash at the end. */
  sourceUri: string;
  hyperparameters: Record<string, string>;
  registryBucketName: string;
  modelPackageGroupName: string;
  roleArn: string;
  gateFunctionArn: string;
  alarmTopicArn?: string;
  instanceType: string;
  instanceCount: number;
  volumeSizeGigabytes: number;
  maximumRuntimeSeconds: number;
  useSpotInstances: boolean;
  kmsKeyArn?: string;
  subnetIds?: string[];
  securityGroupIds?: string[];
}

/** A state of the Amazon States Language. */
export type State = Record<string, unknown>;

/** Goes on with the story of the failure, whatever failed. */
export const catchAll = [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "NotifyFailure" }];

/** Waits longer each time and not in step with others. */
export function retryOn(errors: string[], maximumAttempts = 4): State[] {
  return [
    {
      ErrorEquals: errors,
      IntervalSeconds: 5,
      BackoffRate: 2,
      MaxAttempts: maximumAttempts,
      MaxDelaySeconds: 120,
      JitterStrategy: "FULL",
    },
  ];
}

/** Prefix under which each execution leaves its evaluation. */
export function evaluationPrefix(spec: StateMachineSpec): string {
  return `s3://${spec.registryBucketName}/${spec.modelName}/evaluations`;
}
