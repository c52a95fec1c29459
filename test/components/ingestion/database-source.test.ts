import {
  ChangeColumn,
  DatabaseEngine,
  DatabaseSource,
  DatabaseTls,
  ReplicationType,
  withChangeColumns,
} from "../../../components";
import { ColumnType } from "../../../components/contracts/data-contract";
import { deployInMocks, MockedDeployment, parsePolicy } from "../../support/pulumi-mocks";
import { databaseSourceArgs } from "../capture-samples";

const deploy = (changes: object = {}): Promise<MockedDeployment<DatabaseSource>> =>
  deployInMocks(() => new DatabaseSource("shop", { ...databaseSourceArgs, ...changes }));

const replicationType = "aws:dms/replicationConfig:ReplicationConfig";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

interface Rule {
  "rule-id": string;
  "rule-type": string;
  "rule-target"?: string;
  "rule-action": string;
  "object-locator": Record<string, string>;
  value?: string;
}

describe("the source of a database", () => {
  test("brings tables of one name in two schemas to two folders of the data set", async () => {
    const tables = [
      { schema: "public", table: "orders_%" },
      { schema: "archive", table: "orders_%" },
    ];
    const { tableMappings } = (await deploy({ tables })).one(replicationType).inputs;
    const { rules } = JSON.parse(tableMappings as string) as { rules: Rule[] };
    expect(new Set(rules.map((rule) => rule["rule-id"])).size).toBe(rules.length);
    const of = (action: string, target?: string): unknown[] =>
      rules
        .filter((rule) => rule["rule-action"] === action && rule["rule-target"] === target)
        .map((rule) => [...Object.values(rule["object-locator"]), ...(rule.value ? [rule.value] : [])]);
    expect(of("include")).toEqual([
      ["public", "orders_%"],
      ["archive", "orders_%"],
    ]);
    expect(of("add-prefix", "table")).toEqual([
      ["public", "orders_%", "shop-public-"],
      ["archive", "orders_%", "shop-archive-"],
    ]);
    expect(of("rename", "schema")).toEqual([
      ["public", "orders"],
      ["archive", "orders"],
    ]);
    expect(of("add-column", "column")).toHaveLength(2);
  });

  test("writes what the contract with change columns describes, as Parquet", async () => {
    const { inputs } = (await deploy()).one("aws:dms/s3Endpoint:S3Endpoint");
    expect(inputs).toMatchObject({
      bucketName: "raw",
      dataFormat: "parquet",
      includeOpForFullLoad: true,
      timestampColumnName: ChangeColumn.ChangedAt,
      datePartitionEnabled: true,
      encryptionMode: "SSE_S3",
      cdcMaxBatchInterval: 300,
    });
    expect(inputs.bucketFolder).toBeUndefined();
  });

  test("drops no row in silence, and keeps what fails beside the data set", async () => {
    const { replicationSettings } = (await deploy({ maximumRowErrors: 7 })).one(replicationType).inputs;
    const settings = JSON.parse(replicationSettings as string) as Record<string, Record<string, unknown>>;
    expect(settings.ErrorBehavior).toMatchObject({
      DataErrorPolicy: "LOG_ERROR",
      DataErrorEscalationCount: 7,
      DataErrorEscalationPolicy: "SUSPEND_TABLE",
      TableErrorEscalationPolicy: "STOP_TASK",
      ApplyErrorInsertPolicy: "LOG_ERROR",
    });
    expect(Object.values(settings.ErrorBehavior ?? {})).not.toContain("IGNORE_RECORD");
    expect(settings.ControlTablesSettings).toEqual({ ControlSchema: "awsdms-orders" });
    expect(settings.Logging).toEqual({ EnableLogging: true });
  });

  test("tells the dead-letter queue of refused rows and of failures, and nobody else may write to it", async () => {
    const deployed = await deploy();
    const patterns = deployed
      .ofType("aws:cloudwatch/eventRule:EventRule")
      .map(({ inputs }) => JSON.parse(inputs.eventPattern as string) as unknown);
    expect(patterns).toContainEqual(
      expect.objectContaining({
        source: ["aws.s3"],
        detail: { bucket: { name: ["raw"] }, object: { key: [{ prefix: "awsdms-orders/" }] } },
      }),
    );
    expect(patterns).toContainEqual({
      source: ["aws.dms"],
      resources: ["arn:aws:dms:eu-west-1:123456789012:shop"],
      detail: { category: ["Failure"] },
    });
    const [statement] = parsePolicy(deployed.one("aws:sqs/queuePolicy:QueuePolicy").inputs.policy).Statement;
    expect(statement?.Condition?.ArnEquals?.["aws:SourceArn"]).toHaveLength(2);
    expect(deployed.ofType("aws:cloudwatch/eventTarget:EventTarget")).toHaveLength(2);
  });

  test("lets DMS write only to its folders, and read only its secret, as the service of the region", async () => {
    const deployed = await deploy();
    const policy = (name: string) =>
      parsePolicy(deployed.one("aws:iam/rolePolicy:RolePolicy", name).inputs.policy).Statement;
    expect(policy("shop-target").find(({ Sid }) => Sid === "WriteRaw")?.Resource).toEqual([
      "arn:aws:s3:::raw/orders/shop-*",
      "arn:aws:s3:::raw/awsdms-orders/*",
    ]);
    expect(policy("shop-secret")).toEqual([
      expect.objectContaining({ Resource: [databaseSourceArgs.secretArn] }),
    ]);
    const { assumeRolePolicy } = deployed.one("aws:iam/role:Role", "shop-secret").inputs;
    expect(parsePolicy(assumeRolePolicy).Statement[0]?.Principal).toEqual({
      Service: "dms.eu-west-1.amazonaws.com",
    });
  });

  test("rings when changes are late or stand still, which a full load alone never is", async () => {
    const latency = (await deploy({ maximumLatencyMinutes: 10 })).one(alarmType, "shop-latency-target");
    expect(latency.inputs).toMatchObject({
      metricName: "CDCLatencyTarget",
      threshold: 600,
      treatMissingData: "breaching",
    });
    const once = await deploy({ replicationType: ReplicationType.FullLoad });
    expect(once.ofType(alarmType).map(({ name }) => name)).toEqual(["shop-refused"]);
  });

  test("uses an endpoint and a subnet group that exist", async () => {
    const deployed = await deploy({
      secretArn: undefined,
      databaseName: undefined,
      subnetIds: undefined,
      existingSourceEndpointArn: "arn:endpoint",
      existingSubnetGroupId: "group",
    });
    expect(deployed.ofType("aws:dms/endpoint:Endpoint")).toEqual([]);
    expect(deployed.ofType("aws:dms/replicationSubnetGroup:ReplicationSubnetGroup")).toEqual([]);
    expect(deployed.one(replicationType).inputs).toMatchObject({
      sourceEndpointArn: "arn:endpoint",
      computeConfig: { replicationSubnetGroupId: "group", minCapacityUnits: 1, maxCapacityUnits: 4 },
    });
    expect(deployed.ofType("aws:iam/role:Role").map(({ name }) => name)).toEqual(["shop-target"]);
  });

  test.each([
    [DatabaseEngine.Postgres, { databaseName: "shop" }, "require"],
    [DatabaseEngine.MySql, { databaseName: undefined, certificateArn: "arn:certificate" }, "verify-ca"],
    [DatabaseEngine.MongoDb, { databaseName: "shop" }, "require"],
  ])("connects to %s encrypted", async (engine, changes, sslMode) => {
    const { inputs } = (await deploy({ engine, ...changes })).one("aws:dms/endpoint:Endpoint");
    expect(inputs).toMatchObject({ engineName: engine, sslMode, endpointType: "source" });
    expect(inputs.password).toBeUndefined();
    expect(inputs.mongodbSettings?.nestingLevel).toBe(engine === DatabaseEngine.MongoDb ? "one" : undefined);
  });

  test.each([
    ["secretArn", { secretArn: undefined }],
    ["secretArn", { existingSourceEndpointArn: "arn:endpoint" }],
    ["databaseName", { databaseName: undefined }],
    ["tls", { engine: DatabaseEngine.MySql, tls: DatabaseTls.Require }],
    ["certificateArn", { tls: DatabaseTls.VerifyHost }],
    ["certificateArn", { certificateArn: "arn:certificate" }],
    ["subnetIds", { subnetIds: undefined }],
    ["subnetIds", { subnetIds: ["subnet-1"] }],
    ["subnetIds", { existingSubnetGroupId: "group" }],
    ["minimumCapacityUnits", { minimumCapacityUnits: 3 }],
    ["minimumCapacityUnits", { minimumCapacityUnits: 8, maximumCapacityUnits: 4 }],
    ["tables", { tables: [] }],
    ["tables[0].schema", { tables: [{ schema: "%", table: "orders" }] }],
    ["tables[0].table", { tables: [{ schema: "public", table: "a/b" }] }],
    [
      "tables[1]",
      {
        tables: [
          { schema: "public", table: "orders" },
          { schema: "public", table: "orders" },
        ],
      },
    ],
    ["batchIntervalSeconds", { batchIntervalSeconds: 1 }],
    ["engine", { engine: "oracle" }],
    ["replicationType", { replicationType: "sometimes" }],
  ])("refuses a wrong %s", async (path, changes) => {
    await expect(deploy(changes)).rejects.toThrow(`${path}: `);
  });
});

describe("the contract of changes", () => {
  const table = {
    dataset: "orders",
    version: "1",
    columns: [
      { name: "id", type: ColumnType.Integer },
      { name: "total", type: ColumnType.Number, minimum: 0 },
    ],
    primaryKey: ["id"],
  };

  test("makes each change a record of its own, of which only the key is sure to be known", () => {
    const { columns, primaryKey } = withChangeColumns(table);
    expect(columns.map(({ name, nullable }) => `${name} ${nullable ?? false}`)).toEqual([
      "Op false",
      "id false",
      "total true",
      "changed_at false",
      "change_sequence false",
    ]);
    expect(primaryKey).toEqual(["id", "changed_at", "change_sequence", "Op"]);
    expect(table.columns).toHaveLength(2);
  });

  test("refuses a table that has such a column", () => {
    const taken = { ...table, columns: [{ name: "Op", type: ColumnType.String }] };
    expect(() => withChangeColumns(taken)).toThrow('column "Op"');
  });

  test("has no key where the table has none", () => {
    expect(withChangeColumns({ ...table, primaryKey: undefined }).primaryKey).toBeUndefined();
  });
});
