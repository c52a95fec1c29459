import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { createIdentity } from "./model-identity";
import { createNamespace, createNetworkPolicies } from "./model-isolation";
import { checkModelDeployment } from "./model-deployment-checks";
import { createAvailability, createPromoterAccess } from "./model-operations";
import { createWorkload } from "./model-workload";

/** CPU and memory of one replica, in Kubernetes' quantities. */
export interface ModelResources {
  /** CPU, for example `500m` or `1`. */
  cpu: pulumi.Input<string>;
  /** Memory, for example `512Mi`. */
  memory: pulumi.Input<string>;
}

/** How the replicas follow the load. */
export interface ModelScaling {
  /** Replicas that always run, at least 2. @default 3 */
  minimumReplicas?: number;
  /** Replicas at most. @default 10 */
  maximumReplicas?: number;
  /** Average CPU use of the requested CPU that the autoscaler aims at, in percent. @default 70 */
  targetCpuPercent?: number;
  /** Seconds that the load must stay low before replicas are removed. @default 300 */
  scaleDownStabilizationSeconds?: number;
  /** Replicas that stay up while nodes are drained; fewer than `minimumReplicas`. @default one fewer */
  minimumAvailable?: number;
}

/** Arguments of {@link ModelDeployment}. Values that decide which resources exist must be plain, not outputs. */
export interface ModelDeploymentArgs extends CommonArgs {
  /** Model name: lower-case letters, digits and hyphens, at most 30 characters. Names every Kubernetes object. */
  modelName: string;
  /** Image of the model server, best by digest; it answers `GET /health` and loads the model named in its environment. */
  image: pulumi.Input<string>;
  /** Cluster that serves the model; the Kubernetes provider given in `opts` must point there. */
  clusterName: pulumi.Input<string>;
  /** Namespace to create. @default the model name */
  namespace?: string;
  /** Namespace to use; its labels and default rules are left alone. @default a namespace is created */
  existingNamespace?: pulumi.Input<string>;
  /** Bucket of model artefacts; the model server may read those below `<modelName>/`. */
  registryBucketArn: pulumi.Input<string>;
  /** Bucket for captured predictions. */
  capturesBucketName: pulumi.Input<string>;
  /** ARN of that bucket; the model server may write below `<modelName>/`. */
  capturesBucketArn: pulumi.Input<string>;
  /** Port that the model server listens on, above 1023. @default 8080 */
  port?: number;
  /** What each replica is sure to get. @default 500m CPU, 512Mi memory */
  requests?: ModelResources;
  /** What each replica may use. @default 1 CPU, 1Gi memory */
  limits?: ModelResources;
  /** How the replicas follow the load. @default 3 to 10 replicas at 70 % CPU */
  scaling?: ModelScaling;
  /** Further environment variables of the model server. @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** CIDR blocks outside the cluster, such as a load balancer's subnets, that may call the model. @default none */
  clientCidrBlocks?: string[];
}

/**
 * A model served on Kubernetes: an autoscaled deployment in a locked-down namespace, with an AWS identity of its own.
 *
 * Two things of the deployment belong to others and are never set here: the number of replicas, which the autoscaler
 * moves, and the environment variables `MODEL_VERSION` and `MODEL_URI`, which the promoter sets on approval.
 */
export class ModelDeployment extends pulumi.ComponentResource {
  /** Namespace of the model. */
  public readonly namespaceName: pulumi.Output<string>;
  /** Name of the Deployment. */
  public readonly deploymentName: pulumi.Output<string>;
  /** Name of the Service. */
  public readonly serviceName: pulumi.Output<string>;
  /** Name of the ServiceAccount. */
  public readonly serviceAccountName: pulumi.Output<string>;
  /** IAM role of the model's pods. */
  public readonly roleArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: ModelDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    checkModelDeployment(args);
    super("mlops:index:ModelDeployment", name, args, opts);
    const namespace =
      args.existingNamespace === undefined
        ? createNamespace(name, args.namespace ?? args.modelName, this)
        : pulumi.output(args.existingNamespace);
    const place = { name, modelName: args.modelName, namespace, parent: this };

    createNetworkPolicies(place, {
      port: args.port ?? defaultPort,
      clientCidrBlocks: args.clientCidrBlocks ?? [],
      ownNamespace: args.existingNamespace === undefined,
    });
    const identity = createIdentity(place, args);
    const { deployment, service } = createWorkload(place, identity, {
      image: args.image,
      port: args.port ?? defaultPort,
      requests: args.requests ?? { cpu: "500m", memory: "512Mi" },
      limits: args.limits ?? { cpu: "1", memory: "1Gi" },
      capturesBucketName: args.capturesBucketName,
      environment: args.environment ?? {},
    });
    createAvailability(place, deployment, scalingOf(args.scaling));
    createPromoterAccess(place, deployment);

    this.namespaceName = namespace;
    this.deploymentName = deployment.metadata.name;
    this.serviceName = service.metadata.name;
    this.serviceAccountName = identity.serviceAccount.metadata.name;
    this.roleArn = identity.role.arn;
    this.registerOutputs({
      namespaceName: this.namespaceName,
      deploymentName: this.deploymentName,
      serviceName: this.serviceName,
      serviceAccountName: this.serviceAccountName,
      roleArn: this.roleArn,
    });
  }
}

const defaultPort = 8080;

function scalingOf(scaling: ModelScaling = {}): Required<ModelScaling> {
  const minimumReplicas = scaling.minimumReplicas ?? 3;
  return {
    minimumReplicas,
    maximumReplicas: scaling.maximumReplicas ?? Math.max(10, minimumReplicas + 1),
    targetCpuPercent: scaling.targetCpuPercent ?? 70,
    scaleDownStabilizationSeconds: scaling.scaleDownStabilizationSeconds ?? 300,
    minimumAvailable: scaling.minimumAvailable ?? minimumReplicas - 1,
  };
}
