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

/** What producers and operators need to know of one source. */
export interface SourceOutputs {
  dataset: string;
  /** Where files are put. */
  deliveryUri?: string;
  /** Queue that messages are sent to. */
  queueUrl?: string;
  /** Stream that records are put on. */
  streamName?: string;
  /** Replication of a database; its tables are reloaded by this ARN. */
  replicationConfigArn?: string;
  /** Queue or folder of what could not enter the lake. */
  deadLetterUri?: string;
  /** Function that tries it again. */
  replayFunctionName?: string;
}

/** What other programs need to know of one data set. */
export interface DatasetOutputs {
  validatorFunctionName: string;
  /** Function that makes immutable versions of the data set. */
  versionsFunctionName: string;
  /** Table with time travel; empty where there is none. */
  tableName: string;
  /** Glue job that commits new files to the table; empty where there is none. */
  commitJobName: string;
}

/** What other programs need to know of the feature stores. */
export interface FeatureOutputs {
  trainingSetsFunctionName: string;
  /** By backend and view, for example `feast/airport_weather`. */
  materializerFunctionNames: Record<string, string>;
  /** Where `feature_store.yaml` and the definitions lie; empty without Feast. */
  feastRepositoryUri: string;
  /** Application that the Spark job runs in; empty without one. */
  sparkApplicationId: string;
}

/** Outputs of the stack: what a stack reference of another program may rely on. */
export interface PlatformOutputs {
  rawBucketName: string;
  curatedBucketName: string;
  quarantineBucketName: string;
  capturesBucketName: string;
  /** Bucket of offline features; labels for training sets go to its folder `labels/`. */
  featuresBucketName: string;
  /** Database of the lake's tables, and the workgroup that may query them. */
  databaseName: string;
  workgroupName: string;
  registryBucketName: string;
  clusterName: string;
  alertTopicArn: string;
  /** Function that answers where data came from and where it went. */
  lineageFunctionName: string;
  /** By data set name. */
  datasets: Record<string, DatasetOutputs>;
  /** By source name. */
  sources: Record<string, SourceOutputs>;
  features: FeatureOutputs;
  /** By model name. */
  models: Record<string, ModelOutputs>;
}
