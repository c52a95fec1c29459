import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { datasetNamePattern, reservedDatasetNames } from "../contracts/contract-schema";
import { DataClassification } from "../contracts/source";
import { CommonArgs } from "../shared/common-args";
import type { ArgumentChecker } from "../shared/validation";
import { createWatchedQueue } from "../shared/watched-queue";

/** What every source takes, whatever it brings its records with. */
export interface SourceArgs extends CommonArgs {
  /** Team that answers for the data; a tag, and named in alarms. */
  owner: pulumi.Input<string>;
  /**
   * Data set that the source feeds: the first folder of its objects in the raw zone, and the name of its contract. At
   * most 31 lower-case letters, digits and hyphens, beginning with a letter.
   */
  dataset: pulumi.Input<string>;
  /** How sensitive the data is; a tag on everything that holds it. */
  classification: pulumi.Input<DataClassification>;
  /** Bucket of the raw zone. */
  rawBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  rawBucketArn: pulumi.Input<string>;
  /** Topic told when records wait in the dead-letter path or stop coming. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/** Notes a fault for each field of {@link SourceArgs} that is known already and wrong. */
export function checkSource(checker: ArgumentChecker, args: SourceArgs): ArgumentChecker {
  const { owner, dataset, classification } = args;
  const classes = Object.values(DataClassification);
  if (typeof owner === "string") {
    checker.require(owner.trim() !== "", "owner", `"${owner}" was given; the name of a team is needed`);
  }
  if (typeof dataset === "string") {
    checker
      .require(
        datasetNamePattern.test(dataset),
        "dataset",
        `"${dataset}" was given; 1 to 31 lower-case letters, digits and hyphens are allowed, beginning with a letter`,
      )
      .require(
        !reservedDatasetNames.includes(dataset),
        "dataset",
        `"${dataset}" was given; ${reservedDatasetNames.join(", ")} are folders of the lake itself`,
      );
  }
  if (typeof classification === "string") {
    checker.require(
      classes.includes(classification),
      "classification",
      `"${classification as string}" was given; allowed are ${classes.join(", ")}`,
    );
  }
  return checker;
}

/** Tags of everything that belongs to a source: owner, data set and classification below what the caller gave. */
export function sourceTags(args: SourceArgs): pulumi.Output<Record<string, string>> {
  return pulumi
    .all([args.owner, args.dataset, args.classification, args.tags ?? {}])
    .apply(([owner, dataset, classification, tags]): Record<string, string> => ({
      owner,
      dataset,
      classification,
      ...tags,
    }));
}

/** The common words of a source for the helpers that create its parts, with its tags. */
export function sourceCommon(args: SourceArgs): CommonArgs {
  const { permissionsBoundaryArn, kmsKeyArn, logRetentionDays } = args;
  return { tags: sourceTags(args), permissionsBoundaryArn, kmsKeyArn, logRetentionDays };
}

/**
 * Creates the queue of the records that a source could not bring into the lake, with an alarm that names the owner.
 * Whoever replays a message must process it within the 15 minutes that it stays invisible.
 */
export function createDeadLetterQueue(
  name: string,
  args: SourceArgs,
  parent: pulumi.Resource,
): aws.sqs.Queue {
  return createWatchedQueue(
    name,
    {
      alarmDescription: pulumi.interpolate`Records of the data set ${args.dataset} could not enter the lake and wait in a queue. Each message says why; once the cause is gone, replay them. Owner: ${args.owner}.`,
      alarmTopicArn: args.alarmTopicArn,
      visibilityTimeoutSeconds: 900,
    },
    sourceCommon(args),
    parent,
  );
}
