import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { FeatureCatalog, FeatureView, physicalViewName } from "../contracts/feature-definition";
import { ArgumentChecker } from "../shared/validation";
import { checkCatalog } from "./catalog-checks";
import { createCatalogObject, createTextObject } from "./catalog-object";
import { FeastPlaces, feastRepository, featureStoreYaml } from "./feast-repository";
import { createOnlineTable } from "./feast-table";
import { createMaterialization, MaterializationParts, MaterializationSettings } from "./materialization";
import { checkMaterialization } from "./materialization-checks";

/** Arguments of {@link FeastFeatureStore}. */
export interface FeastFeatureStoreArgs extends MaterializationSettings {
  /** The definition of entities and features. */
  catalog: FeatureCatalog;
  /**
   * Name of the Feast project, which begins the names of the online tables: lower-case letters, digits and underscores,
   * at most 100.
   * @default stack and project of the catalog
   */
  projectName?: string;
  /** Whether the online tables may be deleted; if not, they are protected and retained. @default false */
  forceDestroy?: boolean;
}

/**
 * A feature store that Feast reads: features offline as the Parquet files of the curated zone, online in DynamoDB as
 * Feast lays its tables out, with a generated repository (`feature_store.yaml`, `features.py`) and a registry in S3. The
 * values come from our own function each hour, not from `feast materialize`, so no machine with Python is needed.
 *
 * `feast apply` fills the registry: copy the two files from `repositoryUri` and run it once after each change of the
 * catalog. It finds the tables and makes none.
 */
export class FeastFeatureStore extends pulumi.ComponentResource {
  /** S3 prefix with `feature_store.yaml` and `features.py`. */
  public readonly repositoryUri: pulumi.Output<string>;
  /** S3 URI of the registry. */
  public readonly registryUri: pulumi.Output<string>;
  /** Name of the Feast project. */
  public readonly projectName: pulumi.Output<string>;
  /** Names of the online tables by view. */
  public readonly tableNames: pulumi.Output<Record<string, string>>;
  /** ARNs of the online tables by view. */
  public readonly tableArns: pulumi.Output<Record<string, string>>;
  /** Names of the materializing functions by view; call one to materialize at once. */
  public readonly functionNames: pulumi.Output<Record<string, string>>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: FeastFeatureStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const project = args.projectName ?? feastProjectName(args.catalog.project);
    checkArguments(args, project);
    super("mlops:index:FeastFeatureStore", name, args, opts);
    const folder = `feast/${name}`;
    const registryUri = pulumi.interpolate`s3://${args.featuresBucketName}/${folder}/registry.db`;
    const catalogObject = createCatalogObject(
      `${name}-feast`,
      args.catalog,
      args.featuresBucketName,
      args,
      this,
    );
    createRepository(name, { folder, project, registryUri, catalogObject }, args, this);

    const views = args.catalog.views.map((view) => {
      const viewName = physicalViewName(view);
      const table = createOnlineTable(`${name}-${viewName}`, `${project}.${viewName}`, args, this);
      const parts = createViewMaterialization(
        `${name}-${viewName}`,
        { storeName: project, view, viewName, catalogObject, table },
        args,
        this,
      );
      return { viewName, table, parts };
    });
    const byView = (value: (view: (typeof views)[number]) => pulumi.Output<string>) =>
      pulumi.output(Object.fromEntries(views.map((view) => [view.viewName, value(view)])));

    this.repositoryUri = pulumi.interpolate`s3://${args.featuresBucketName}/${folder}/`;
    this.registryUri = registryUri;
    this.projectName = pulumi.output(project);
    this.tableNames = byView(({ table }) => table.name);
    this.tableArns = byView(({ table }) => table.arn);
    this.functionNames = byView(({ parts }) => parts.function.function.name);
    this.registerOutputs({
      repositoryUri: this.repositoryUri,
      registryUri: this.registryUri,
      projectName: this.projectName,
      tableNames: this.tableNames,
      tableArns: this.tableArns,
      functionNames: this.functionNames,
    });
  }
}

const projectRule = /^[a-z][a-z0-9_]{0,99}$/;

/** The stack's name keeps the tables of several environments in one account apart. */
function feastProjectName(project: string): string {
  return `${pulumi.getStack()}_${project}`.toLowerCase().replace(/[^a-z0-9]+/g, "_");
}

function checkArguments(args: FeastFeatureStoreArgs, project: string): void {
  const checker = new ArgumentChecker();
  checkCatalog(checker, args.catalog);
  checker.require(
    projectRule.test(project),
    "projectName",
    `"${project}" is the name of the project; allowed are lower-case letters, digits and underscores, at most 100, a letter first`,
  );
  checkMaterialization(checker, args);
  checker.done("FeastFeatureStore");
}

/** What the files of a repository are made from. */
interface RepositorySpec {
  folder: string;
  project: string;
  registryUri: pulumi.Output<string>;
  catalogObject: aws.s3.BucketObjectv2;
}

function createRepository(
  name: string,
  { folder, project, registryUri, catalogObject }: RepositorySpec,
  args: FeastFeatureStoreArgs,
  parent: pulumi.Resource,
): void {
  const places: pulumi.Output<FeastPlaces> = pulumi.output({
    project,
    region: aws.getRegionOutput({}, { parent }).region,
    registryUri,
    curatedBucketName: args.curatedBucketName,
  });
  const files = {
    "feature_store.yaml": { contentType: "application/yaml", content: places.apply(featureStoreYaml) },
    "features.py": {
      contentType: "text/x-python",
      content: places.apply((known) => feastRepository(args.catalog, known)),
    },
  };
  for (const [file, { contentType, content }] of Object.entries(files)) {
    createTextObject(
      `${name}-${file.replace(/\W/g, "-")}`,
      { bucketName: args.featuresBucketName, key: `${folder}/${file}`, content, contentType },
      args,
      parent,
      // A catalog that is refused must not leave a repository of it behind.
      { dependsOn: [catalogObject] },
    );
  }
}

function createViewMaterialization(
  name: string,
  view: {
    storeName: string;
    view: FeatureView;
    viewName: string;
    catalogObject: aws.s3.BucketObjectv2;
    table: aws.dynamodb.Table;
  },
  args: FeastFeatureStoreArgs,
  parent: pulumi.Resource,
): MaterializationParts {
  return createMaterialization(
    `${name}-materialization`,
    {
      ...view,
      store: pulumi.jsonStringify({ kind: "feast", tableName: view.table.name }),
      storeStatement: {
        sid: "WriteFeatures",
        actions: ["dynamodb:PutItem"],
        resources: [view.table.arn],
      },
    },
    args,
    parent,
  );
}
