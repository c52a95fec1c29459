import { NatGatewayStrategy } from "../components/foundation/network";
import type { DatasetDefinition } from "./dataset-config";
import type { Environment } from "./environment";
import type { FeaturesConfig } from "./features-config";
import type { ModelConfig } from "./model-config";
import type { SourceConfig } from "./source-config";

/** Network of the platform: an existing VPC, or the plan of a new one. */
export interface NetworkConfig {
  /** Existing VPC; then `privateSubnetIds` is needed too. @default a new VPC */
  vpcId?: string;
  /** Private subnets of the existing VPC. */
  privateSubnetIds?: string[];
  /** Address block of a new VPC. @default 10.0.0.0/16 */
  cidrBlock: string;
  /** Availability zones that a new VPC spans, 2 to 4. @default 2 */
  availabilityZoneCount: number;
  /** NAT gateways of a new VPC. @default Single */
  natGateways: NatGatewayStrategy;
}

/** Encryption key: an existing one, or how a new one behaves. */
export interface EncryptionConfig {
  /** ARN of an existing KMS key. @default a new key */
  keyArn?: string;
  /** Days between the deletion of a new key and its end, 7 to 30. @default 30 */
  deletionWindowDays: number;
}

/** Kubernetes cluster: an existing one, or the plan of a new one. */
export interface ClusterConfig {
  /** Name of an existing EKS cluster. @default a new cluster */
  name?: string;
  /** Kubernetes version of a new cluster, for example `1.33`. */
  version: string;
  /** Address blocks that may reach the public API endpoint; none makes the endpoint private. @default none */
  publicAccessCidrs: string[];
}

/** Experiment tracking: an existing MLflow server, a new one, or none. */
export interface ExperimentsConfig {
  /** ARN of an existing SageMaker MLflow tracking server. @default a new server */
  trackingServerArn?: string;
  /** Whether there is experiment tracking at all. @default true */
  enabled: boolean;
}

/** An existing DataHub or Marquez that is told where data came from and where it went. */
export interface LineageConfig {
  /** Address that takes OpenLineage events. @default events stay in the platform's own store */
  endpointUrl?: string;
  /** Secret whose text is the API key of that address. */
  endpointSecretArn?: string;
}

/** Everything that differs between environments: the value of `mlops:platform` in `Pulumi.<environment>.yaml`. */
export interface PlatformConfig {
  /** Environment that the stack is. */
  environment: Environment;
  /** AWS account that the stack belongs to; credentials of another account are refused. */
  accountId: string;
  /** AWS region of every resource, for example `eu-central-1`. */
  region: string;
  /** Team that owns the platform; a tag on every resource. */
  owner: string;
  /** Cost centre; a tag on every resource. */
  costCenter: string;
  /** First of the two keys that let a destroy delete data; the second is `forceDestroyData`. @default false */
  allowDataLoss: boolean;
  /** Second key: buckets and registries are emptied when they are destroyed. @default false */
  forceDestroyData: boolean;
  /** Days that logs are kept. @default 90 */
  logRetentionDays: number;
  /** Days that a released model cannot be deleted from the registry, by anyone. @default 365 */
  registryLockDays: number;
  /** ARN of the policy that bounds every role. @default none */
  permissionsBoundaryArn?: string;
  /** E-mail addresses that get the alarms. @default none */
  alertEmails: string[];
  network: NetworkConfig;
  encryption: EncryptionConfig;
  cluster: ClusterConfig;
  experiments: ExperimentsConfig;
  /** Data sets of the lake, each with its contracts. */
  datasets: DatasetDefinition[];
  /** Ways by which records come into the lake. @default files that are put into the raw zone */
  sources: SourceConfig[];
  /** Features and the stores they are served from. */
  features: FeaturesConfig;
  /** Where lineage events are sent to beyond the platform's own store. */
  lineage: LineageConfig;
  /** Models of the platform. */
  models: ModelConfig[];
}
