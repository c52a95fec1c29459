import { IcebergTable } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, parsePolicy } from "../../support/pulumi-mocks";
import { icebergTableArgs } from "../lake-samples";

const deploy = (changes: object = {}) =>
  deployInMocks(() => new IcebergTable("flights", { ...icebergTableArgs, ...changes }));
const rights = (policy: unknown, service: string) =>
  parsePolicy(policy)
    .Statement.filter(({ Action }) => [Action].flat().some((action) => action.startsWith(`${service}:`)))
    .map(({ Action, Resource }) => [Action, Resource]);

describe("the Iceberg table", () => {
  test("stands in the catalog with the columns of the contract, and is never changed from here afterwards", async () => {
    const table = (await deploy()).one("aws:glue/catalogTable:CatalogTable");
    expect(table.inputs).toMatchObject({
      name: "flights",
      databaseName: "lake",
      openTableFormatInput: { icebergInput: { metadataOperation: "CREATE", version: "2" } },
      storageDescriptor: {
        location: "s3://curated/tables/flights",
        columns: [{ name: "id", type: "string" }],
      },
    });
    expect(table.ignoreChanges).toEqual([
      "openTableFormatInput",
      "parameters",
      "storageDescriptor",
      "tableType",
    ]);
    expect(table).toMatchObject({ protect: true, retainOnDelete: true });
  });

  test("gives every type of a contract its type in the catalog, and a data set a name that queries can use", async () => {
    const columns = ["string", "integer", "number", "boolean", "timestamp"].map((type) => ({
      name: type,
      type,
    }));
    const contract = JSON.stringify({ dataset: "flight-delays", version: "1", columns });
    const { inputs } = (await deploy({ contract })).one("aws:glue/catalogTable:CatalogTable");
    expect(inputs.name).toBe("flight_delays");
    const { columns: given } = inputs.storageDescriptor as { columns: { type: string }[] };
    expect(given.map(({ type }) => type)).toEqual(["string", "bigint", "double", "boolean", "timestamp"]);
  });

  test("commits every hour, one run at a time, with the packages that were tested", async () => {
    const deployed = await deploy();
    const job = deployed.one("aws:glue/job:Job").inputs;
    expect(job).toMatchObject({
      command: {
        name: "pythonshell",
        pythonVersion: "3.9",
        scriptLocation: "s3://curated/jobs/table-committer/flights/commit.py",
      },
      executionProperty: { maxConcurrentRuns: 1 },
      defaultArguments: {
        "--additional-python-modules": "pyiceberg==0.9.1,pyarrow==21.0.0,mypy-boto3-glue==1.43.118",
        "--DATASET": "flights",
        "--DATABASE": "lake",
        "--TABLE": "flights",
        "--LOCATION": "s3://curated/tables/flights",
      },
    });
    expect(deployed.one("aws:glue/trigger:Trigger").inputs).toMatchObject({
      type: "SCHEDULED",
      schedule: "cron(0 * * * ? *)",
      actions: [{ jobName: job.name ?? "flights-committer-1234567" }],
    });
  });

  test("lets the job read the data set and write the table, and delete nothing", async () => {
    const { policy } = (await deploy()).one("aws:iam/rolePolicy:RolePolicy", "flights-committer").inputs;
    const own = ["arn:aws:s3:::curated/tables/flights/*", "arn:aws:s3:::curated/table-commits/flights/*"];
    expect(rights(policy, "s3")).toEqual([
      [["s3:ListBucket"], ["arn:aws:s3:::curated"]],
      [
        ["s3:GetObject"],
        [
          "arn:aws:s3:::curated/flights/*",
          ...own,
          "arn:aws:s3:::curated/jobs/table-committer/flights/commit.py",
        ],
      ],
      [["s3:PutObject"], own],
    ]);
    expect(rights(policy, "glue")).toEqual([
      [
        ["glue:GetTable", "glue:UpdateTable"],
        [
          "arn:aws:glue:eu-west-1:123456789012:catalog",
          "arn:aws:glue:eu-west-1:123456789012:database/lake",
          "arn:aws:glue:eu-west-1:123456789012:table/lake/flights",
        ],
      ],
    ]);
  });

  test("is maintained by a role that reaches nothing but the table's own files", async () => {
    const deployed = await deploy({ snapshotRetentionDays: 90 });
    const { policy } = deployed.one("aws:iam/rolePolicy:RolePolicy", "flights-maintenance").inputs;
    expect(rights(policy, "s3")).toEqual([
      [["s3:ListBucket"], ["arn:aws:s3:::curated"]],
      [["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], ["arn:aws:s3:::curated/tables/flights/*"]],
    ]);
    const optimizers = deployed.ofType("aws:glue/catalogTableOptimizer:CatalogTableOptimizer");
    expect(optimizers.map(({ inputs }) => inputs.type as string).sort()).toEqual([
      "compaction",
      "orphan_file_deletion",
      "retention",
    ]);
    const retention = optimizers.find(({ inputs }) => inputs.type === "retention");
    expect(retention?.inputs.configuration).toMatchObject({
      enabled: true,
      retentionConfiguration: {
        icebergConfiguration: { snapshotRetentionPeriodInDays: 90, cleanExpiredFiles: true },
      },
    });
  });

  test("keeps failed commits in a queue whose alarm tells the topic", async () => {
    const alarmTopicArn = "arn:aws:sns:eu-west-1:123456789012:alerts";
    const deployed = await deploy({ alarmTopicArn });
    expect(
      JSON.parse(deployed.one("aws:cloudwatch/eventRule:EventRule").inputs.eventPattern as string),
    ).toMatchObject({
      source: ["aws.glue"],
      "detail-type": ["Glue Job State Change"],
      detail: { state: ["FAILED", "TIMEOUT", "ERROR"] },
    });
    const queue = deployed.one("aws:sqs/queue:Queue", "flights-commit-failures");
    expect(deployed.one("aws:cloudwatch/eventTarget:EventTarget").inputs.arn).toContain(queue.name);
    expect(deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs.alarmActions).toEqual([
      alarmTopicArn,
    ]);
  });

  test("names every wrong argument at once", async () => {
    const wrong = {
      contract: "{}",
      tableName: "Flight Delays",
      commitSchedule: "rate(1 hour)",
      dataProcessingUnits: 2,
      snapshotRetentionDays: 0,
      orphanFileRetentionDays: 0,
    };
    const faults = await faultsOf(() => new IcebergTable("flights", { ...icebergTableArgs, ...wrong }));
    expect(faults.registered).toBe(0);
    expect([...faults.paths].sort()).toEqual(Object.keys(wrong).sort());
    expect(faults.message).toMatch(/2 was given; allowed are 0\.0625 and 1/);
  });
});
