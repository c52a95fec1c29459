import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import {
  BatchFeatures,
  BatchFeaturesArgs,
  BatchFeatureView,
  FeatureAggregate,
  FeatureFrequency,
} from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, MockedDeployment, parsePolicy } from "../../support/pulumi-mocks";
import { batchFeaturesArgs, carrierView } from "../spark-samples";

const application = "arn:aws:emrserverless:eu-west-1:123456789012:delays";
const deploy = (changes: Partial<BatchFeaturesArgs> = {}) =>
  deployInMocks(() => new BatchFeatures("delays", { ...batchFeaturesArgs, ...changes }));

const statementsOf = (deployed: MockedDeployment<unknown>, name: string) =>
  parsePolicy(deployed.one("aws:iam/rolePolicy:RolePolicy", name).inputs.policy).Statement;

const objectOf = (deployed: MockedDeployment<unknown>, what: string) =>
  deployed.one("aws:s3/bucketObjectv2:BucketObjectv2", `delays-${what}`).inputs;

const targetOf = (deployed: MockedDeployment<unknown>) =>
  deployed.one("aws:scheduler/schedule:Schedule").inputs.target as pulumi.Inputs;

const runOf = (deployed: MockedDeployment<unknown>) =>
  JSON.parse(targetOf(deployed).input as string) as {
    JobDriver: { SparkSubmit: { EntryPointArguments: string[]; SparkSubmitParameters?: string } };
  } & pulumi.Inputs;

describe("batch features", () => {
  test("run on an application that stops when idle, has a limit, and never runs twice at once", async () => {
    const deployed = await deploy({
      maximumCapacity: { virtualCpus: 8 },
      idleMinutes: 15,
      kmsKeyArn: "arn:key",
    });
    expect(deployed.one("aws:emrserverless/application:Application").inputs).toMatchObject({
      type: "spark",
      releaseLabel: "emr-7.10.0",
      architecture: "ARM64",
      autoStopConfiguration: { enabled: true, idleTimeoutMinutes: 15 },
      maximumCapacity: { cpu: "8 vCPU", memory: "128 GB", disk: "640 GB" },
      schedulerConfiguration: { maxConcurrentRuns: 1 },
      monitoringConfiguration: {
        cloudwatchLoggingConfiguration: { enabled: true, encryptionKeyArn: "arn:key" },
        managedPersistenceMonitoringConfiguration: { enabled: true, encryptionKeyArn: "arn:key" },
      },
    });
  });

  test("run in the caller's subnets when there are any", async () => {
    const network = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
    const inputsOf = async (changes: object) =>
      (await deploy(changes)).one("aws:emrserverless/application:Application").inputs;
    expect((await inputsOf(network)).networkConfiguration).toEqual(network);
    expect((await inputsOf({})).networkConfiguration).toBeUndefined();
  });

  test("are computed by a run that the scheduler starts every night as of the time it was due", async () => {
    const deployed = await deploy({ tags: { costCentre: "42" } });
    expect(deployed.one("aws:scheduler/schedule:Schedule").inputs).toMatchObject({
      scheduleExpression: "cron(30 1 * * ? *)",
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:emrserverless:startJobRun",
        roleArn: "arn:aws:iam::123456789012:role/delays-schedule-1234567",
        deadLetterConfig: { arn: "arn:aws:sqs:eu-west-1:123456789012:delays-failures" },
      },
    });
    expect(runOf(deployed)).toEqual({
      ApplicationId: "delays-id",
      ClientToken: "<aws.scheduler.execution-id>",
      Name: "delays",
      ExecutionRoleArn: "arn:aws:iam::123456789012:role/delays-job-1234567",
      ExecutionTimeoutMinutes: 120,
      RetryPolicy: { MaxAttempts: 2 },
      JobDriver: {
        SparkSubmit: {
          EntryPoint: "s3://features/jobs/delays/features.py",
          EntryPointArguments: [
            ...["--views", "s3://features/jobs/delays/views.json"],
            ...["--curated", "s3://curated"],
            ...["--output", "s3://features/delays"],
            ...["--as-of", "<aws.scheduler.scheduled-time>"],
            ...["--recompute-days", "3"],
          ],
        },
      },
      Tags: { costCentre: "42" },
    });
  });

  test("are described by a file beside the script", async () => {
    const deployed = await deploy({ kmsKeyArn: "arn:key" });
    const [script, views] = ["script", "views"].map((what) => objectOf(deployed, what));
    expect(script).toMatchObject({ bucket: "features", key: "jobs/delays/features.py", kmsKeyId: "arn:key" });
    expect(views).toMatchObject({ bucket: "features", key: "jobs/delays/views.json", kmsKeyId: "arn:key" });
    expect(JSON.parse(views!.content as string)).toEqual([carrierView]);
    const source = script!.source as pulumi.asset.FileAsset;
    expect(path.relative(process.cwd(), await source.path)).toBe("jobs/batch-features/features.py");
  });

  test("read their data sets and their job, and write their own folder, and no more", async () => {
    const statements = statementsOf(await deploy({ datasets: ["weather"] }), "delays-job");
    const s3 = statements.filter(({ Action }) => [Action].flat().every((action) => action.startsWith("s3:")));
    expect(s3.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        ["s3:GetBucketLocation", "s3:ListBucket"],
        ["arn:aws:s3:::curated", "arn:aws:s3:::features"],
      ],
      [
        ["s3:GetObject"],
        [
          ...["flights/*", "flights", "flights_$folder$"].map((key) => `arn:aws:s3:::curated/${key}`),
          ...["weather/*", "weather", "weather_$folder$"].map((key) => `arn:aws:s3:::curated/${key}`),
        ],
      ],
      [["s3:GetObject"], ["arn:aws:s3:::features/jobs/delays/*"]],
      [
        ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        ["delays/*", "delays", "delays_$folder$"].map((key) => `arn:aws:s3:::features/${key}`),
      ],
    ]);
    expect(statements.map(({ Sid }) => Sid)).toEqual([
      ...["FindFiles", "ReadDeliveries", "ReadJob", "WriteFeatures", "FindLogs", "Logs"],
    ]);
  });

  test("read a Glue database only where one is given, and Spark then knows of it", async () => {
    const deployed = await deploy({ databaseName: "lake", sparkParameters: "--conf a=b" });
    const glue = statementsOf(deployed, "delays-job").find(({ Sid }) => Sid === "ReadTables");
    expect(glue?.Resource).toEqual(
      ["catalog", "database/default", "database/lake", "table/lake/*"].map(
        (resource) => `arn:aws:glue:eu-west-1:123456789012:${resource}`,
      ),
    );
    expect(runOf(deployed).JobDriver.SparkSubmit.SparkSubmitParameters).toMatch(
      /AWSGlueDataCatalogHiveClientFactory --conf a=b$/,
    );
  });

  test("run with a role that only this application gets", async () => {
    const role = (await deploy()).one("aws:iam/role:Role", "delays-job").inputs;
    expect(parsePolicy(role.assumeRolePolicy).Statement[0]).toMatchObject({
      Principal: { Service: "emr-serverless.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012", "aws:SourceArn": application } },
    });
  });

  test("are started by a role that may start this application with this job role alone", async () => {
    const statements = statementsOf(await deploy(), "delays-schedule");
    expect(
      statements.map(({ Action, Resource, Condition }) => [Action, Resource, Condition].filter(Boolean)),
    ).toEqual([
      [["emr-serverless:StartJobRun"], [application]],
      [["emr-serverless:TagResource"], [`${application}/jobruns/*`]],
      [
        ["iam:PassRole"],
        ["arn:aws:iam::123456789012:role/delays-job-1234567"],
        { StringEquals: { "iam:PassedToService": "emr-serverless.amazonaws.com" } },
      ],
      [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:123456789012:delays-failures"]],
    ]);
  });

  test("that fail are kept in a queue whose alarm tells the topic", async () => {
    const deployed = await deploy({ alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:alerts" });
    const rule = deployed.one("aws:cloudwatch/eventRule:EventRule");
    expect(JSON.parse(rule.inputs.eventPattern as string)).toEqual({
      source: ["aws.emr-serverless"],
      "detail-type": ["EMR Serverless Job Run State Change"],
      detail: { applicationId: ["delays-id"], state: ["FAILED", "CANCELLED"] },
    });
    const queue = "arn:aws:sqs:eu-west-1:123456789012:delays-failures";
    expect(deployed.one("aws:cloudwatch/eventTarget:EventTarget").inputs.arn).toBe(queue);
    const [statement] = parsePolicy(deployed.one("aws:sqs/queuePolicy:QueuePolicy").inputs.policy).Statement;
    expect(statement?.Condition?.ArnEquals).toEqual({
      "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:123456789012:delays-failures",
    });
    expect(deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs.alarmActions).toEqual([
      "arn:aws:sns:eu-west-1:123456789012:alerts",
    ]);
  });

  test("may come from a script of the caller's own, without views", async () => {
    const deployed = await deploy({ views: [], scriptPath: __filename, datasets: ["flights"] });
    const source = objectOf(deployed, "script").source as pulumi.asset.FileAsset;
    expect(await source.path).toBe(__filename);
  });
});

const view = (changes: Partial<BatchFeatureView>) => ({ views: [{ ...carrierView, ...changes }] });
const oneFeature = (changes: object) => view({ features: [{ ...carrierView.features[1]!, ...changes }] });

test.each<[string, Partial<BatchFeaturesArgs>, string[], string]>([
  ["no views and no script", { views: [] }, ["views"], "a view is needed"],
  ["a script without data sets", { views: [], scriptPath: __filename }, ["datasets"], "the data sets that"],
  ["a missing script", { scriptPath: "/nowhere.py" }, ["scriptPath"], "there is no such file"],
  ["an older EMR", { releaseLabel: "emr-6.15.0" }, ["releaseLabel"], "a release of EMR 7"],
  ["subnets alone", { subnetIds: ["subnet-1"] }, ["subnetIds"], "go together"],
  ["a nested folder", { outputFolder: "a/b" }, ["outputFolder"], '"a/b" was given'],
  ["the folder of the jobs", { outputFolder: "jobs" }, ["outputFolder"], "script and views lie there"],
  [
    "a schedule that is none",
    { scheduleExpression: "nightly" },
    ["scheduleExpression"],
    '"nightly" was given',
  ],
  [
    "numbers out of range",
    { recomputeDays: 0, idleMinutes: 0 },
    ["recomputeDays", "idleMinutes"],
    "1 to 366",
  ],
  ["a data set that is a path", view({ dataset: "a/b" }), ["views[0].dataset"], "letters, digits, hyphens"],
  ["two views of one name", { views: [carrierView, carrierView] }, ["views[1].name"], "taken already"],
  ["a view without entity", view({ entity: [] }), ["views[0].entity.length"], "0 was given"],
  ["a reserved column", view({ entity: ["as_of"] }), ["views[0].entity[0]"], "not called as_of or day"],
  ["no features", view({ features: [] }), ["views[0].features.length"], "0 was given"],
  [
    "a feature named like the entity",
    oneFeature({ name: "carrier" }),
    ["views[0].features[0].name"],
    "taken",
  ],
  [
    "a mean of nothing",
    oneFeature({ column: undefined }),
    ["views[0].features[0].column"],
    "the mean of a column",
  ],
  ["half an hour", oneFeature({ windowHours: 1.5 }), ["views[0].features[0].windowHours"], "whole hours are"],
  ["a year by the hour", oneFeature({ windowHours: 8784 }), ["views[0].features[0].windowHours"], "1 to 744"],
  [
    "a part of a day for daily rows",
    view({
      frequency: FeatureFrequency.Daily,
      features: [{ name: "flights", aggregate: FeatureAggregate.Count, windowHours: 36 }],
    }),
    ["views[0].features[0].windowHours"],
    "a multiple of 24 is allowed for daily rows",
  ],
])("refuses %s before anything is made", async (_what, changes, paths, words) => {
  const faults = await faultsOf(() => new BatchFeatures("delays", { ...batchFeaturesArgs, ...changes }));
  expect(faults.paths).toEqual(paths);
  expect(faults.message).toContain(words);
  expect(faults.registered).toBe(0);
});
