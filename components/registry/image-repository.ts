import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";

/** How an image repository ends. */
export interface ImageRepositorySpec {
  /** Whether the repository may be deleted with its images. @default false */
  forceDestroy?: boolean;
}

/** Layers without a tag are left over from failed or replaced builds; every tagged image is a release and stays. */
const lifecyclePolicy = {
  rules: [
    {
      rulePriority: 1,
      description: "Untagged images end after two weeks",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
};

/** Creates an image repository: tags that cannot move, a scan of every push, encryption, and a clean-up of leftovers. */
export function createImageRepository(
  name: string,
  spec: ImageRepositorySpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): aws.ecr.Repository {
  const repository = new aws.ecr.Repository(
    name,
    {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: common.kmsKeyArn }],
      forceDelete: spec.forceDestroy ?? false,
      tags: common.tags,
    },
    { parent, ...dataProtection(spec.forceDestroy) },
  );
  new aws.ecr.LifecyclePolicy(
    name,
    { repository: repository.name, policy: JSON.stringify(lifecyclePolicy) },
    { parent: repository },
  );
  return repository;
}
