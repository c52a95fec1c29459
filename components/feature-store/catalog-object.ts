import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { FeatureCatalog } from "../contracts/feature-definition";
import type { CommonArgs } from "../shared/common-args";
import { featuresOfCatalogObject, removalGuard } from "./removal-guard";

/**
 * Keeps a catalog as an object of the feature zone, where the functions read it: the environment of a function is too
 * small for it. A change that takes a feature away is refused here, before anything that depends on it.
 */
export function createCatalogObject(
  name: string,
  catalog: FeatureCatalog,
  bucketName: pulumi.Input<string>,
  common: CommonArgs,
  parent: pulumi.Resource,
): aws.s3.BucketObjectv2 {
  return createTextObject(
    `${name}-catalog`,
    {
      bucketName,
      key: `catalogs/${name}.json`,
      content: `${JSON.stringify(catalog, null, 2)}\n`,
      contentType: "application/json",
    },
    common,
    parent,
    removalGuard(name, featuresOfCatalogObject),
  );
}

/** A text in a bucket. */
export interface TextObjectSpec {
  bucketName: pulumi.Input<string>;
  key: pulumi.Input<string>;
  content: pulumi.Input<string>;
  contentType: string;
}

/** Stores a text, encrypted with the caller's key. */
export function createTextObject(
  name: string,
  { bucketName, key, content, contentType }: TextObjectSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
  options: pulumi.CustomResourceOptions = {},
): aws.s3.BucketObjectv2 {
  return new aws.s3.BucketObjectv2(
    name,
    { bucket: bucketName, key, content, contentType, kmsKeyId: common.kmsKeyArn, tags: common.tags },
    { parent, ...options },
  );
}
