import { ApiSource, DatabaseEngine, DatabaseSource, DataClassification } from "../../components";
import type { Sample } from "./samples";

const source = {
  owner: "sales",
  dataset: "orders",
  classification: DataClassification.Internal,
  rawBucketName: "raw",
  rawBucketArn: "arn:aws:s3:::raw",
};

/** Fewest arguments of an `ApiSource`. */
export const apiSourceArgs = { ...source, url: "https://api.example.com/orders" };

/** Fewest arguments of a `DatabaseSource`. */
export const databaseSourceArgs = {
  ...source,
  engine: DatabaseEngine.Postgres,
  secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop",
  databaseName: "shop",
  subnetIds: ["subnet-1", "subnet-2"],
  tables: [{ schema: "public", table: "orders" }],
};

/** Sources that fetch their records themselves. */
export const captureSamples: Sample[] = [
  {
    component: "ApiSource",
    create: (common, opts) => new ApiSource("sample", { ...common, ...apiSourceArgs }, opts),
  },
  {
    component: "DatabaseSource",
    create: (common, opts) => new DatabaseSource("sample", { ...common, ...databaseSourceArgs }, opts),
  },
];
