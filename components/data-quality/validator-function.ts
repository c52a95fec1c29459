import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { referencedDatasets } from "../contracts/contract-references";
import type { DataContract } from "../contracts/data-contract";
import { CommonArgs } from "../shared/common-args";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import { lineageStatement } from "../shared/lineage-statement";
import { PolicyStatement } from "../shared/service-role";
import { ValidatorTables } from "./validator-tables";

/** What the validating function is made of. */
export interface ValidatorFunctionSpec extends CommonArgs {
  contract: pulumi.Input<string>;
  rawBucketName: pulumi.Input<string>;
  rawBucketArn: pulumi.Input<string>;
  curatedBucketName: pulumi.Input<string>;
  curatedBucketArn: pulumi.Input<string>;
  quarantineBucketName: pulumi.Input<string>;
  quarantineBucketArn: pulumi.Input<string>;
  maximumFileMegabytes: number;
  memoryMegabytes: number;
  recordDeduplicationDays?: number;
  alarmTopicArn?: pulumi.Input<string>;
}

/** A Lambda has 4 KB for all variables together; the rest is for the names of buckets, tables and the queue. */
const maximumContractBytes = 2500;
const megabyte = 1024 * 1024;
/** The query engine's part of the memory; the rest is for Node, the libraries and buffers. */
const engineShare = 0.5;
const maximumStorageMegabytes = 10_240;
/** Room in the temporary folder beyond the data: profile, report, referenced data sets. */
const spareStorageMegabytes = 1024;
/** How much larger than the file its content may be at most. */
const decodedFactor = 4;

/** Creates the function that validates the files of one data set. */
export function createValidatorFunction(
  name: string,
  spec: ValidatorFunctionSpec,
  contract: pulumi.Output<DataContract>,
  tables: ValidatorTables,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const { decodedMegabytes, storageMegabytes } = storagePlan(spec.maximumFileMegabytes);
  return createLambdaFunction(
    name,
    {
      bundle: "data-validator",
      description: `Validates the files of the data set ${name}.`,
      environment: {
        ...contractVariables(name, spec, contract, parent),
        RAW_BUCKET: spec.rawBucketName,
        CURATED_BUCKET: spec.curatedBucketName,
        QUARANTINE_BUCKET: spec.quarantineBucketName,
        IDEMPOTENCY_TABLE: tables.idempotency.name,
        MAXIMUM_FILE_BYTES: String(spec.maximumFileMegabytes * megabyte),
        MAXIMUM_DECODED_BYTES: String(decodedMegabytes * megabyte),
        MEMORY_LIMIT_MEGABYTES: String(Math.floor(spec.memoryMegabytes * engineShare)),
        ...(tables.claims === undefined
          ? {}
          : {
              RECORD_CLAIMS_TABLE: tables.claims.name,
              RECORD_CLAIM_DAYS: String(spec.recordDeduplicationDays),
            }),
      },
      statements: [...objectStatements(spec, contract), ...tableStatements(tables), lineageStatement(parent)],
      timeoutSeconds: 900,
      memoryMegabytes: spec.memoryMegabytes,
      ephemeralStorageMegabytes: storageMegabytes,
      replaysDeadLetters: true,
      alarmTopicArn: spec.alarmTopicArn,
    },
    spec,
    parent,
  );
}

/**
 * The temporary folder holds the file, and its content once as good and once as bad rows at most. Where the largest
 * folder is too small for that, content may be less larger than its file.
 */
function storagePlan(fileMegabytes: number): { decodedMegabytes: number; storageMegabytes: number } {
  const room = Math.floor((maximumStorageMegabytes - spareStorageMegabytes - fileMegabytes) / 2);
  const decodedMegabytes = Math.max(fileMegabytes, Math.min(decodedFactor * fileMegabytes, room));
  const needed = spareStorageMegabytes + fileMegabytes + 2 * decodedMegabytes;
  return { decodedMegabytes, storageMegabytes: Math.min(needed, maximumStorageMegabytes) };
}

/**
 * The contract as a variable, and where it is too large for that as an object of the curated zone. One that is known only
 * later may be of any size.
 */
function contractVariables(
  name: string,
  { contract: text, curatedBucketName, kmsKeyArn, tags }: ValidatorFunctionSpec,
  contract: pulumi.Output<DataContract>,
  parent: pulumi.Resource,
): Record<string, pulumi.Input<string>> {
  if (typeof text === "string" && Buffer.byteLength(text) <= maximumContractBytes) return { CONTRACT: text };
  const object = new aws.s3.BucketObjectv2(
    `${name}-contract`,
    {
      bucket: curatedBucketName,
      key: pulumi.interpolate`contracts/${contract.dataset}/${contract.version}.json`,
      content: text,
      contentType: "application/json",
      kmsKeyId: kmsKeyArn,
      tags,
    },
    { parent },
  );
  const hash = pulumi.output(text).apply((known) => createHash("sha256").update(known).digest("hex"));
  // The hash makes warm functions read a contract that changed, and keeps others from changing it.
  return { CONTRACT_KEY: object.key, CONTRACT_SHA256: hash };
}

function objectStatements(
  spec: ValidatorFunctionSpec,
  contract: pulumi.Output<DataContract>,
): PolicyStatement[] {
  const { rawBucketArn, curatedBucketArn, quarantineBucketArn } = spec;
  const { dataset } = contract;
  const profile = pulumi.interpolate`profiles/${dataset}.json`;
  const references = contract.apply(referencedDatasets);
  return [
    {
      sid: "ReadRaw",
      actions: ["s3:GetObject", "s3:GetObjectVersion"],
      resources: [pulumi.interpolate`${rawBucketArn}/${dataset}/*`],
    },
    {
      sid: "WriteChecked",
      actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
      resources: [
        pulumi.interpolate`${curatedBucketArn}/${dataset}/*`,
        pulumi.interpolate`${quarantineBucketArn}/${dataset}/*`,
        pulumi.interpolate`${quarantineBucketArn}/reports/${dataset}/*`,
      ],
    },
    {
      sid: "Profile",
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: [pulumi.interpolate`${curatedBucketArn}/${profile}`],
    },
    {
      sid: "ReadCurated",
      actions: ["s3:GetObject"],
      resources: pulumi
        .all([curatedBucketArn, references, dataset])
        .apply(([bucket, datasets, own]) => [
          `${bucket}/contracts/${own}/*`,
          ...datasets.map((referenced) => `${bucket}/${referenced}/*`),
        ]),
    },
    {
      sid: "ListCurated",
      actions: ["s3:ListBucket"],
      resources: [curatedBucketArn],
      // S3 calls a profile that is not there yet "not found" only for those who may list, and reading names no prefix.
      conditions: {
        StringEqualsIfExists: {
          "s3:prefix": pulumi
            .all([profile, references])
            .apply(([own, datasets]) => [own, ...datasets.map((referenced) => `${referenced}/`)]),
        },
      },
    },
  ];
}

function tableStatements({ idempotency, claims }: ValidatorTables): PolicyStatement[] {
  return [
    {
      sid: "Idempotency",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
      resources: [idempotency.arn],
    },
    ...(claims === undefined
      ? []
      : [
          {
            sid: "Claims",
            actions: ["dynamodb:PutItem", "dynamodb:DeleteItem"],
            resources: [claims.arn],
          },
        ]),
  ];
}
