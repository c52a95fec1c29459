import * as fs from "node:fs";
import * as path from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import type { BatchFeatureView } from "./batch-features-views";

/** The job's own script, found from the sources and from the compiled package alike. */
export function ownScript(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, "jobs", "batch-features", "features.py");
    if (fs.existsSync(candidate)) return candidate;
  }
  throw new Error("The script jobs/batch-features/features.py of the package is missing.");
}

/** The objects that a run starts from. */
export interface JobObjects {
  scriptUri: pulumi.Output<string>;
  viewsUri: pulumi.Output<string>;
}

/** Puts script and views into the bucket. */
export function createJobObjects(
  name: string,
  content: { script: string; views: BatchFeatureView[]; bucketName: pulumi.Input<string>; folder: string },
  { kmsKeyArn, tags }: CommonArgs,
  parent: pulumi.Resource,
): JobObjects {
  const create = (
    what: string,
    file: string,
    body: Pick<aws.s3.BucketObjectv2Args, "source" | "content" | "contentType">,
  ): pulumi.Output<string> => {
    const key = `${content.folder}/${file}`;
    const object = new aws.s3.BucketObjectv2(
      `${name}-${what}`,
      {
        bucket: content.bucketName,
        key,
        ...body,
        ...(kmsKeyArn === undefined ? {} : { serverSideEncryption: "aws:kms", kmsKeyId: kmsKeyArn }),
        tags,
      },
      { parent },
    );
    return pulumi.interpolate`s3://${object.bucket}/${key}`;
  };
  return {
    scriptUri: create("script", "features.py", {
      source: new pulumi.asset.FileAsset(content.script),
      contentType: "text/x-python",
    }),
    viewsUri: create("views", "views.json", {
      content: JSON.stringify(content.views, undefined, 2),
      contentType: "application/json",
    }),
  };
}

/** One run, as the scheduler starts it. */
export interface JobRun extends JobObjects {
  applicationId: pulumi.Output<string>;
  jobRoleArn: pulumi.Output<string>;
  curatedBucketName: pulumi.Input<string>;
  featuresUri: pulumi.Output<string>;
  recomputeDays: number;
  sparkParameters?: pulumi.Input<string>;
  /** Whether Spark finds its tables in Glue. */
  catalog: boolean;
  timeoutMinutes: pulumi.Input<number>;
  maximumAttempts: pulumi.Input<number>;
}

/** Spark's switch to the Glue catalog, as EMR documents it. */
const glueCatalog =
  "--conf spark.hadoop.hive.metastore.client.factory.class=com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory";

/** The input of `startJobRun`. The scheduler writes the words of AWS's Java SDK: each begins with a capital. */
export function jobRunInput(name: string, run: JobRun, { tags }: CommonArgs): pulumi.Output<string> {
  const parameters = pulumi
    .output(run.sparkParameters)
    .apply((own) => [...(run.catalog ? [glueCatalog] : []), ...(own === undefined ? [] : [own])].join(" "));
  return pulumi.all([parameters, tags ?? {}]).apply(([sparkParameters, runTags]) =>
    pulumi.jsonStringify({
      ApplicationId: run.applicationId,
      // Two starts of one night only repeat work: the second waits for the first, and replaces the same days.
      ClientToken: "<aws.scheduler.execution-id>",
      Name: name,
      ExecutionRoleArn: run.jobRoleArn,
      ExecutionTimeoutMinutes: run.timeoutMinutes,
      RetryPolicy: { MaxAttempts: run.maximumAttempts },
      JobDriver: {
        SparkSubmit: {
          EntryPoint: run.scriptUri,
          EntryPointArguments: [
            ...["--views", run.viewsUri],
            ...["--curated", pulumi.interpolate`s3://${run.curatedBucketName}`],
            ...["--output", run.featuresUri],
            // The time that the run was due, so that a late start computes the same.
            ...["--as-of", "<aws.scheduler.scheduled-time>"],
            ...["--recompute-days", String(run.recomputeDays)],
          ],
          ...(sparkParameters === "" ? {} : { SparkSubmitParameters: sparkParameters }),
        },
      },
      ...(Object.keys(runTags).length === 0 ? {} : { Tags: runTags }),
    }),
  );
}
