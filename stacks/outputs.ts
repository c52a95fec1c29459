/** What other programs need to know of one model. */
export interface ModelOutputs {
  stateMachineArn: string;
  modelPackageGroupName: string;
  /** Prefix in the registry bucket that the model's training sources are read from. */
  sourcePrefix: string;
  championParameterName: string;
  driftAlarmName: string;
  /** Alarm whose going off asks for a retraining. */
  retrainingAlarmName: string;
  monitorFunctionName: string;
  retrainingFunctionName: string;
  decisionsTableName: string;
  dashboardName: string;
  namespaceName: string;
  deploymentName: string;
}

/** Outputs of the stack: what a stack reference of another program may rely on. */
export interface PlatformOutputs {
  rawBucketName: string;
  curatedBucketName: string;
  quarantineBucketName: string;
  capturesBucketName: string;
  registryBucketName: string;
  clusterName: string;
  alertTopicArn: string;
  /** By model name. */
  models: Record<string, ModelOutputs>;
}
