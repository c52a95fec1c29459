import { AnomalyAction, ColumnType, DataContract } from "../../components/contracts/data-contract";

/** A contract with one of everything. */
export const richContract: DataContract = {
  dataset: "flights",
  version: "2",
  primaryKey: ["flight_id", "scheduled_at"],
  columns: [
    { name: "flight_id", type: ColumnType.String },
    { name: "scheduled_at", type: ColumnType.Timestamp },
    {
      name: "origin",
      type: ColumnType.String,
      allowed: ["EWR", "JFK"],
      references: { dataset: "us-airports", column: "code" },
    },
    { name: "hour", type: ColumnType.Integer, minimum: 0, maximum: 23 },
    { name: "delay", type: ColumnType.Number, nullable: true, minimum: -60, maximumNullShare: 0.1 },
    { name: "gate", type: ColumnType.Integer, nullable: true, allowed: ["1", "2"] },
    { name: "passenger", type: ColumnType.String, nullable: true, personal: true },
    { name: "late", type: ColumnType.Boolean },
  ],
  maximumBadRowShare: 0.05,
  anomalies: { action: AnomalyAction.Stop },
};

export const contractRegistryArgs = {
  datasets: [{ versions: [JSON.stringify(richContract)] }],
};

export const glueDataQualityArgs = {
  contract: JSON.stringify(richContract),
  databaseName: "curated",
  tableName: "flights",
  dataBucketArn: "arn:aws:s3:::curated",
  dataPrefixes: ["flights", "us-airports"],
};
