import * as aws from "@pulumi/aws";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { createServiceRole, PolicyStatement } from "../shared/service-role";
import { modelMetadata, ModelPlace } from "./model-place";

/** What the model server may reach in AWS. */
export interface ModelIdentitySpec extends CommonArgs {
  clusterName: pulumi.Input<string>;
  registryBucketArn: pulumi.Input<string>;
  capturesBucketArn: pulumi.Input<string>;
}

/** The identity of the model's pods, in Kubernetes and in AWS. */
export interface ModelIdentity {
  serviceAccount: ServiceAccount;
  role: aws.iam.Role;
  association: aws.eks.PodIdentityAssociation;
}

/** Creates a service account and ties it to a role that only this service account of this namespace can take. */
export function createIdentity(place: ModelPlace, spec: ModelIdentitySpec): ModelIdentity {
  const { name, modelName, namespace, parent } = place;
  const serviceAccount = new ServiceAccount(
    name,
    { metadata: modelMetadata(place), automountServiceAccountToken: false },
    { parent },
  );
  const { role } = createServiceRole(
    name,
    {
      service: "pods.eks.amazonaws.com",
      trustActions: ["sts:TagSession"],
      trustConditions: {
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": modelName,
      },
      statements: statements(modelName, spec),
    },
    spec,
    parent,
  );
  const association = new aws.eks.PodIdentityAssociation(
    name,
    {
      clusterName: spec.clusterName,
      namespace,
      serviceAccount: serviceAccount.metadata.name,
      roleArn: role.arn,
      tags: spec.tags,
    },
    { parent },
  );
  return { serviceAccount, role, association };
}

function statements(modelName: string, spec: ModelIdentitySpec): PolicyStatement[] {
  return [
    {
      sid: "ReadModels",
      actions: ["s3:GetObject", "s3:GetObjectVersion"],
      resources: [pulumi.interpolate`${spec.registryBucketArn}/${modelName}/*`],
    },
    {
      sid: "WriteCaptures",
      actions: ["s3:PutObject"],
      resources: [pulumi.interpolate`${spec.capturesBucketArn}/${modelName}/*`],
    },
    ...(spec.kmsKeyArn === undefined
      ? []
      : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [spec.kmsKeyArn] }]),
  ];
}
