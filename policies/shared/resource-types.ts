/**
 * Type tokens, by which policies recognise resources. Comparing tokens instead of classes keeps the providers' SDKs
 * out of the pack, which would add seconds to its start.
 */
export const s3 = {
  buckets: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
  encryption: [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  ],
  publicAccessBlock: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  logging: [
    "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketLoggingV2:BucketLoggingV2",
  ] as readonly string[],
  policy: ["aws:s3/bucketPolicy:BucketPolicy"],
  versioning: ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"],
} as const;

export const kmsKey = "aws:kms/key:Key";
export const dynamoTable = "aws:dynamodb/table:Table";
export const ecrRepository = "aws:ecr/repository:Repository";
export const lambdaFunction = "aws:lambda/function:Function";
export const lambdaEventInvokeConfig = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
export const lambdaEventSourceMapping = "aws:lambda/eventSourceMapping:EventSourceMapping";
export const stateMachine = "aws:sfn/stateMachine:StateMachine";
export const eventTarget = "aws:cloudwatch/eventTarget:EventTarget";
export const schedule = "aws:scheduler/schedule:Schedule";
export const queue = "aws:sqs/queue:Queue";
export const redrivePolicy = "aws:sqs/redrivePolicy:RedrivePolicy";
export const topicSubscription = "aws:sns/topicSubscription:TopicSubscription";
export const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
export const compositeAlarm = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
export const logGroup = "aws:cloudwatch/logGroup:LogGroup";
export const eksCluster = "aws:eks/cluster:Cluster";

export const iam = {
  role: "aws:iam/role:Role",
  policies: [
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/groupPolicy:GroupPolicy",
    "aws:iam/userPolicy:UserPolicy",
  ],
} as const;

export const sagemaker = {
  trainingJob: "aws:sagemaker/trainingJob:TrainingJob",
  tuningJob: "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
  dataQualityJob: "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition",
  model: "aws:sagemaker/model:Model",
  featureGroup: "aws:sagemaker/featureGroup:FeatureGroup",
  modelPackageGroup: "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
  endpoint: "aws:sagemaker/endpoint:Endpoint",
  endpointConfiguration: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  mlflowServer: "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer",
} as const;

export const kubernetes = {
  namespace: "kubernetes:core/v1:Namespace",
  networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  scalable: ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"],
  /** Everything that makes pods. */
  workloads: [
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:ReplicaSet",
    "kubernetes:batch/v1:Job",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:core/v1:Pod",
  ],
} as const;
