import { DatasetVersions, IcebergTable, LineageStore } from "../../components";
import { contract } from "./loop-samples";
import type { Sample } from "./samples";

const curatedZone = { curatedBucketName: "curated", curatedBucketArn: "arn:aws:s3:::curated" };
const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

export const icebergTableArgs = { contract: JSON.stringify(contract), ...curatedZone, databaseName: "lake" };

export const datasetVersionsArgs = { contract: JSON.stringify(contract), ...curatedZone };

export const lineageStoreArgs = {
  bucketName: "curated",
  bucketArn: "arn:aws:s3:::curated",
  databaseName: "lake",
  trainingStateMachineArns: [arn("states", "stateMachine:delays")],
  modelPackageGroupNames: ["test-delays"],
};

/** The components around tables, versions and lineage. */
export const lakeSamples: Sample[] = [
  {
    component: "IcebergTable",
    create: (common, opts) =>
      new IcebergTable(
        "sample",
        { ...common, ...icebergTableArgs, alarmTopicArn: arn("sns", "alerts") },
        opts,
      ),
  },
  {
    component: "DatasetVersions",
    create: (common, opts) =>
      new DatasetVersions("sample", { ...common, ...datasetVersionsArgs, schedule: "rate(1 day)" }, opts),
  },
  {
    component: "LineageStore",
    create: (common, opts) => new LineageStore("sample", { ...common, ...lineageStoreArgs }, opts),
  },
];
