import type { ExtendedS3DestinationConfiguration } from "@aws-sdk/client-firehose";
import type * as aws from "@pulumi/aws";
import type { Plain } from "../../framework/types";
import { type CasingRules, fieldsFromService, overlay, toService } from "../support/casing";

export type S3Destination = NonNullable<
  Plain<aws.kinesis.FirehoseDeliveryStreamArgs>["extendedS3Configuration"]
>;

type Fields = Record<string, unknown>;

const casing: CasingRules = {
  names: {
    roleArn: "RoleARN",
    bucketArn: "BucketARN",
    cloudwatchLoggingOptions: "CloudWatchLoggingOptions",
  },
  maps: ["columnToJsonKeyMappings"],
  notMaps: ["parameters"],
};

/** The fields that Pulumi keeps flat and AWS keeps in structures of their own. */
const flattened = ["bufferingSize", "bufferingInterval", "kmsKeyArn", "dynamicPartitioningConfiguration"];

function without(fields: Fields, names: string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** Shape of the program → shape of Firehose. */
export function toS3Destination(inputs: S3Destination): ExtendedS3DestinationConfiguration {
  const backup = inputs.s3BackupConfiguration;
  const partitioning = inputs.dynamicPartitioningConfiguration;
  const plain = without({ ...inputs }, [...flattened, "s3BackupConfiguration"]);
  return {
    ...toService<ExtendedS3DestinationConfiguration>(plain, casing),
    BufferingHints: {
      SizeInMBs: inputs.bufferingSize ?? 5,
      IntervalInSeconds: inputs.bufferingInterval ?? 300,
    },
    EncryptionConfiguration: inputs.kmsKeyArn
      ? { KMSEncryptionConfig: { AWSKMSKeyARN: inputs.kmsKeyArn } }
      : { NoEncryptionConfig: "NoEncryption" },
    DynamicPartitioningConfiguration: partitioning && {
      Enabled: partitioning.enabled ?? true,
      RetryOptions: { DurationInSeconds: partitioning.retryDuration ?? 300 },
    },
    S3BackupConfiguration: backup && toS3Destination({ ...backup } as S3Destination),
  };
}

/** Shape of Firehose → shape of the program, over what is known already: the emulator does not answer every field. */
export function fromS3Destination(answer: object | undefined, known: S3Destination | undefined): unknown {
  if (answer === undefined) return undefined;
  const fields = fieldsFromService(answer, casing);
  const hints = fields.bufferingHints as { sizeInMBs?: number; intervalInSeconds?: number } | undefined;
  const encryption = fields.encryptionConfiguration as Fields | undefined;
  const key = (encryption?.kMSEncryptionConfig as Fields | undefined)?.aWSKMSKeyARN;
  const partitioning = fields.dynamicPartitioningConfiguration as Fields | undefined;
  const retry = partitioning?.retryOptions as { durationInSeconds?: number } | undefined;
  const seen: Fields = {
    ...without(fields, ["bufferingHints", "encryptionConfiguration", "dynamicPartitioningConfiguration"]),
    bufferingSize: hints?.sizeInMBs,
    bufferingInterval: hints?.intervalInSeconds,
    kmsKeyArn: key,
    ...(partitioning && {
      dynamicPartitioningConfiguration: {
        enabled: partitioning.enabled,
        retryDuration: retry?.durationInSeconds,
      },
    }),
  };
  return overlay(known, Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== undefined)));
}
