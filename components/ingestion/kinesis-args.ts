import type * as pulumi from "@pulumi/pulumi";

import type { SourceArgs } from "./source-args";

/** Arguments of `KinesisSource`. */
export interface KinesisSourceArgs extends SourceArgs {
  /**
   * What the records must look like: a `DataContract` as JSON. Its columns become those of the Parquet files, so their
   * names may hold only lower-case letters, digits and underscores.
   */
  contract: pulumi.Input<string>;
  /** Glue database for the table that tells Firehose the columns. */
  databaseName: pulumi.Input<string>;
  /** ARN of a stream that exists already. @default an on-demand stream is created */
  existingStreamArn?: pulumi.Input<string>;
  /** Hours that the created stream keeps its records, 24 to 8760. @default 168 */
  retentionHours?: pulumi.Input<number>;
  /** Seconds that records are collected into one file, 0 to 900. @default 300 */
  bufferingSeconds?: pulumi.Input<number>;
  /** Megabytes that are collected into one file, 64 to 128. @default 128 */
  bufferingMegabytes?: pulumi.Input<number>;
  /** Minutes that a record may take into the lake before the alarm rings, 15 to 1440. @default 30 */
  maximumDelayMinutes?: number;
  /** Whether the stream may be deleted with its records; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}
