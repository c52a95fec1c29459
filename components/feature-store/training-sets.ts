import * as pulumi from "@pulumi/pulumi";

import type { FeatureCatalog } from "../contracts/feature-definition";
import { CommonArgs } from "../shared/common-args";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import { ArgumentChecker } from "../shared/validation";
import { checkCatalog, datasetsOf } from "./catalog-checks";
import { createCatalogObject } from "./catalog-object";
import { readDatasets } from "./materialization";

/** Arguments of {@link TrainingSets}. */
export interface TrainingSetsArgs extends CommonArgs {
  /** The definition of entities and features. */
  catalog: FeatureCatalog;
  /** Bucket of the feature zone: labels are read under `labels/`, training sets written under `training-sets/`. */
  featuresBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  featuresBucketArn: pulumi.Input<string>;
  /** Bucket of the curated zone; labels may also lie in a data set of the catalog there. */
  curatedBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  curatedBucketArn: pulumi.Input<string>;
  /** Memory of the function in megabytes, 512 to 10240. @default 3008 */
  memoryMegabytes?: number;
  /** Room for labels, data sets and the result in megabytes, 512 to 10240. @default 10240 */
  temporaryMegabytes?: number;
  /** Topic told when a request that nobody waits for failed for good. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * Makes training sets from labels and features that are right at each label's time: no row sees a value from after its
 * label, nor one older than its view's time to live. Call the function with `{ labelsUri, labelTime, views?, datasets?,
 * withEventTimes? }`; it answers with the place of the training set and of its manifest, which names every input.
 */
export class TrainingSets extends pulumi.ComponentResource {
  /** ARN of the function. */
  public readonly functionArn: pulumi.Output<string>;
  /** Name of the function. */
  public readonly functionName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: TrainingSetsArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:TrainingSets", name, args, opts);
    const parts = createFunction(`${name}-training-sets`, args, this);
    this.functionArn = parts.function.arn;
    this.functionName = parts.function.name;
    this.registerOutputs({ functionArn: this.functionArn, functionName: this.functionName });
  }
}

function checkArguments(args: TrainingSetsArgs): void {
  const checker = new ArgumentChecker()
    .range(args.memoryMegabytes, "memoryMegabytes", 512, 10_240)
    .range(args.temporaryMegabytes, "temporaryMegabytes", 512, 10_240);
  checkCatalog(checker, args.catalog);
  checker.done("TrainingSets");
}

/** Shares of the memory for the database and of the folder for the inputs; the result and its sorting take the rest. */
const databaseShare = 0.6;
const inputShare = 0.5;

function createFunction(name: string, args: TrainingSetsArgs, parent: pulumi.Resource): LambdaFunctionParts {
  const memoryMegabytes = args.memoryMegabytes ?? 3008;
  const temporaryMegabytes = args.temporaryMegabytes ?? 10_240;
  const catalogObject = createCatalogObject(name, args.catalog, args.featuresBucketName, args, parent);
  return createLambdaFunction(
    name,
    {
      bundle: "training-set-builder",
      description: `Makes training sets from the features of ${args.catalog.project}.`,
      environment: {
        FEATURES_BUCKET: args.featuresBucketName,
        CATALOG_KEY: catalogObject.key,
        CURATED_BUCKET: args.curatedBucketName,
        MAXIMUM_INPUT_BYTES: String(Math.floor(temporaryMegabytes * 1_000_000 * inputShare)),
        MEMORY_LIMIT_MEGABYTES: String(Math.floor(memoryMegabytes * databaseShare)),
      },
      statements: [
        ...readDatasets(datasetsOf(args.catalog), args.curatedBucketArn),
        {
          sid: "ReadVersions",
          actions: ["s3:GetObject", "s3:GetObjectVersion"],
          resources: datasetsOf(args.catalog).flatMap((dataset) => [
            pulumi.interpolate`${args.curatedBucketArn}/manifests/${dataset}/*`,
            pulumi.interpolate`${args.curatedBucketArn}/${dataset}/*`,
          ]),
        },
        {
          sid: "ReadLabels",
          actions: ["s3:GetObject"],
          resources: [
            pulumi.interpolate`${args.featuresBucketArn}/labels/*`,
            pulumi.interpolate`${args.featuresBucketArn}/${catalogObject.key}`,
          ],
        },
        {
          sid: "WriteTrainingSets",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${args.featuresBucketArn}/training-sets/*`],
        },
      ],
      timeoutSeconds: 900,
      memoryMegabytes,
      ephemeralStorageMegabytes: temporaryMegabytes,
      alarmTopicArn: args.alarmTopicArn,
    },
    args,
    parent,
  );
}
