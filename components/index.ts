export type { CommonArgs } from "./shared/common-args";
export * from "./foundation/encryption-key";
export * from "./foundation/network";
export * from "./data-lake/data-lake";
export * from "./data-lake/dataset-versions";
export * from "./data-lake/iceberg-table";
export * from "./data-lake/lineage-store";
export * from "./feature-store/feature-store";
export * from "./feature-store/feast-feature-store";
export * from "./feature-store/feature-materialization";
export * from "./feature-store/training-sets";
export { featureStoreArgsOf } from "./feature-store/sagemaker-features";
export { JoinKeyType } from "./contracts/feature-definition";
export type {
  FeatureCatalog,
  FeatureEntity,
  FeatureView,
  JoinKey,
  ViewFeature,
} from "./contracts/feature-definition";
export * from "./feature-store/batch-features";
export * from "./feature-store/batch-features-views";
export * from "./experiments/experiment-tracking";
export * from "./registry/model-registry";
export * from "./serving/serving-cluster";
export * from "./serving/model-deployment";
export { DataClassification } from "./contracts/source";
export * from "./ingestion/file-source";
export * from "./ingestion/queue-source";
export * from "./ingestion/kinesis-source";
export * from "./ingestion/kafka-source";
export * from "./ingestion/message-broker-source";
export * from "./ingestion/device-source";
export * from "./ingestion/api-source";
export * from "./ingestion/database-source";
export * from "./data-quality/data-validator";
export * from "./data-quality/contract-registry";
export * from "./data-quality/glue-data-quality";
export { Compatibility } from "./contracts/contract-compatibility";
export { contractFromJsonSchema, contractFromZod } from "./contracts/contract-from-schema";
export { withChangeColumns } from "./contracts/change-columns";
export * from "./monitoring/alert-topic";
export * from "./monitoring/model-monitor";
export * from "./training/training-pipeline";
export * from "./retraining/retraining-controller";
export * from "./rollout/model-promotion";
