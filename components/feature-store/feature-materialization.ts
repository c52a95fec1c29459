import * as pulumi from "@pulumi/pulumi";

import type { FeatureCatalog } from "../contracts/feature-definition";
import { ArgumentChecker } from "../shared/validation";
import { checkCatalog, checkViewName, viewOf } from "./catalog-checks";
import { createCatalogObject } from "./catalog-object";
import { createMaterialization, MaterializationSettings } from "./materialization";
import { checkMaterialization } from "./materialization-checks";

/** Arguments of {@link FeatureMaterialization}. */
export interface FeatureMaterializationArgs extends MaterializationSettings {
  /** The definition of entities and features. */
  catalog: FeatureCatalog;
  /** Name of the view as stores have it: `delays`, or `delays_v2` for its second version. */
  viewName: string;
  /** Feature group that the values go to, from `FeatureStore`. */
  featureGroupName: pulumi.Input<string>;
  /** ARN of that feature group. */
  featureGroupArn: pulumi.Input<string>;
}

/**
 * Brings a view's new rows from the curated zone into a SageMaker feature group: each hour, for each entity, its newest
 * row. It goes by the arrival of files, so late data is never missed, and alarms tell when features are late. The
 * Feast-compatible store, `FeastFeatureStore`, has the same built in.
 */
export class FeatureMaterialization extends pulumi.ComponentResource {
  /** ARN of the function; call it to materialize at once. */
  public readonly functionArn: pulumi.Output<string>;
  /** Name of the function. */
  public readonly functionName: pulumi.Output<string>;
  /** ARN of the alarm on new data that waits too long. */
  public readonly lagAlarmArn: pulumi.Output<string>;
  /** ARN of the alarm on runs that stay away. */
  public readonly heartbeatAlarmArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: FeatureMaterializationArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:FeatureMaterialization", name, args, opts);
    const parts = createMaterialization(
      `${name}-materialization`,
      {
        storeName: args.featureGroupName,
        view: viewOf(args.catalog, args.viewName),
        viewName: args.viewName,
        catalogObject: createCatalogObject(
          `${name}-materialization`,
          args.catalog,
          args.featuresBucketName,
          args,
          this,
        ),
        store: pulumi.jsonStringify({ kind: "sagemaker", featureGroupName: args.featureGroupName }),
        storeStatement: {
          sid: "WriteFeatures",
          actions: ["sagemaker:PutRecord"],
          resources: [args.featureGroupArn],
        },
      },
      args,
      this,
    );
    this.functionArn = parts.function.function.arn;
    this.functionName = parts.function.function.name;
    this.lagAlarmArn = parts.lagAlarm.arn;
    this.heartbeatAlarmArn = parts.heartbeatAlarm.arn;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      lagAlarmArn: this.lagAlarmArn,
      heartbeatAlarmArn: this.heartbeatAlarmArn,
    });
  }
}

function checkArguments(args: FeatureMaterializationArgs): void {
  const checker = new ArgumentChecker();
  checkCatalog(checker, args.catalog);
  checkViewName(checker, args.catalog, args.viewName);
  checkMaterialization(checker, args);
  checker.done("FeatureMaterialization");
}
