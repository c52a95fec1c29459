import * as pulumi from "@pulumi/pulumi";

import {
  ContractRegistry,
  DatasetVersions,
  DataValidator,
  GlueDataQuality,
  IcebergTable,
} from "../components";
import type { DatasetDefinition } from "./dataset-config";
import type { DatasetOutputs } from "./outputs";
import type { PlatformParts } from "./parts";

/** Registers the contracts of all data sets; a version that breaks its promise to the one before is refused. */
export function deployContracts(parts: PlatformParts): void {
  const datasets = parts.config.datasets.map(
    ({ releasedContracts, compatibility, compatibilityReason: reason }) => ({
      versions: releasedContracts.map((contract) => JSON.stringify(contract)),
      compatibility,
      reason,
    }),
  );
  new ContractRegistry("contracts", { datasets, ...parts.common }, { provider: parts.awsProvider });
}

/** Composes one data set: validation on its way into the lake, its table with time travel, its versions. */
export function deployDataset(
  dataset: DatasetDefinition,
  parts: PlatformParts,
): pulumi.Output<DatasetOutputs> {
  const { lake, alerts, common, awsProvider } = parts;
  const options = { provider: awsProvider };
  const args = {
    contract: JSON.stringify(dataset.contract),
    curatedBucketName: lake.curatedBucketName,
    curatedBucketArn: lake.curatedBucketArn,
    alarmTopicArn: alerts.topicArn,
    ...common,
  };
  const validator = new DataValidator(
    dataset.dataset,
    {
      ...args,
      rawBucketName: lake.rawBucketName,
      rawBucketArn: lake.rawBucketArn,
      quarantineBucketName: lake.quarantineBucketName,
      quarantineBucketArn: lake.quarantineBucketArn,
      maximumFileMegabytes: dataset.maximumFileMegabytes,
      recordDeduplicationDays: dataset.recordDeduplicationDays,
    },
    options,
  );
  const versions = new DatasetVersions(dataset.dataset, args, options);
  const table = dataset.table ? deployTable(dataset, args, parts) : undefined;
  return pulumi.output({
    validatorFunctionName: validator.functionName,
    versionsFunctionName: versions.functionName,
    tableName: table?.tableName ?? "",
    commitJobName: table?.commitJobName ?? "",
  });
}

type TableArgs = Omit<ConstructorParameters<typeof IcebergTable>[1], "databaseName">;

function deployTable(
  { dataset, contract, glueDataQuality }: DatasetDefinition,
  args: TableArgs,
  { lake, forceDestroy, awsProvider }: PlatformParts,
): IcebergTable {
  const options = { provider: awsProvider };
  const { databaseName } = lake;
  const table = new IcebergTable(dataset, { ...args, databaseName, forceDestroy }, options);
  if (glueDataQuality) {
    const referenced = contract.columns.flatMap(({ references }) => references?.dataset ?? []);
    new GlueDataQuality(
      dataset,
      {
        ...args,
        databaseName,
        tableName: table.tableName,
        dataBucketArn: lake.curatedBucketArn,
        dataPrefixes: [...new Set([dataset, ...referenced])].map((name) => `tables/${name}`),
      },
      options,
    );
  }
  return table;
}
