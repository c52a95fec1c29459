import { GlueDataQuality } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, MockedDeployment, parsePolicy, PolicyDocument } from "../../support/pulumi-mocks";
import { glueDataQualityArgs } from "../quality-samples";

const topic = "arn:aws:sns:eu-west-1:123456789012:alerts";
const deploy = (changes: object = {}) =>
  deployInMocks(() => new GlueDataQuality("flights", { ...glueDataQualityArgs, ...changes }));

const rightsOf = (deployed: MockedDeployment<unknown>, role: string): PolicyDocument["Statement"] =>
  parsePolicy(deployed.one("aws:iam/rolePolicy:RolePolicy", role).inputs.policy).Statement;

describe("data quality by Glue", () => {
  test("a ruleset is made from the contract, for its table", async () => {
    expect((await deploy()).one("aws:glue/dataQualityRuleset:DataQualityRuleset").inputs).toMatchObject({
      ruleset: expect.stringMatching(/^Rules = \[\n {4}RowCount > 0,/),
      targetTable: { databaseName: "curated", tableName: "flights" },
      description: "Made from version 2 of the contract of flights.",
    });
  });

  test("a schedule starts the check, with the tables that the contract refers to", async () => {
    const { scheduleExpression, target } = (await deploy({ workerCount: 5 })).one(
      "aws:scheduler/schedule:Schedule",
    ).inputs;
    expect(scheduleExpression).toBe("rate(1 day)");
    expect(target.arn).toBe("arn:aws:scheduler:::aws-sdk:glue:startDataQualityRulesetEvaluationRun");
    expect(JSON.parse(target.input as string)).toEqual({
      DataSource: { GlueTable: { DatabaseName: "curated", TableName: "flights" } },
      AdditionalDataSources: {
        us_airports: { GlueTable: { DatabaseName: "curated", TableName: "us_airports" } },
      },
      Role: "arn:aws:iam::123456789012:role/flights-evaluation-1234567",
      RulesetNames: ["flights-1234567"],
      NumberOfWorkers: 5,
      Timeout: 60,
      ClientToken: "<aws.scheduler.execution-id>",
      AdditionalRunOptions: { CloudWatchMetricsEnabled: true },
    });
  });

  test("the scheduler may start this ruleset and hand over this role to Glue, nothing else", async () => {
    expect(rightsOf(await deploy(), "flights-schedule")).toEqual([
      expect.objectContaining({
        Action: ["glue:StartDataQualityRulesetEvaluationRun"],
        Resource: ["arn:aws:glue:eu-west-1:123456789012:flights"],
      }),
      expect.objectContaining({
        Action: ["iam:PassRole"],
        Resource: ["arn:aws:iam::123456789012:role/flights-evaluation-1234567"],
        Condition: { StringEquals: { "iam:PassedToService": "glue.amazonaws.com" } },
      }),
      expect.objectContaining({
        Action: ["sqs:SendMessage"],
        Resource: ["arn:aws:sqs:eu-west-1:123456789012:flights"],
      }),
    ]);
  });

  test("the check may read its tables and their data, and publish its results", async () => {
    const rights = Object.fromEntries(
      rightsOf(await deploy(), "flights-evaluation").map(({ Sid, Action, Resource, Condition }) => [
        Sid,
        [Action, Resource, Condition],
      ]),
    );
    const glue = "arn:aws:glue:eu-west-1:123456789012";
    expect(rights).toEqual({
      Catalog: [
        ["glue:GetDatabase", "glue:GetTable", "glue:GetPartitions"],
        [
          `${glue}:catalog`,
          `${glue}:database/curated`,
          `${glue}:table/curated/flights`,
          `${glue}:table/curated/us_airports`,
        ],
        undefined,
      ],
      Data: [
        ["s3:GetObject"],
        ["arn:aws:s3:::curated/flights/*", "arn:aws:s3:::curated/us-airports/*"],
        undefined,
      ],
      DataListing: [
        ["s3:ListBucket"],
        ["arn:aws:s3:::curated"],
        { StringLike: { "s3:prefix": ["flights/*", "us-airports/*"] } },
      ],
      Ruleset: [
        ["glue:GetDataQualityRuleset", "glue:PublishDataQuality"],
        ["arn:aws:glue:eu-west-1:123456789012:flights"],
        undefined,
      ],
      Program: [["s3:GetObject"], ["arn:aws:s3:::aws-glue-ml-data-quality-assets-eu-west-1/*"], undefined],
      Logs: [
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        ["arn:aws:logs:eu-west-1:123456789012:log-group:/aws-glue/data-quality/*"],
        undefined,
      ],
      Metrics: [
        ["cloudwatch:PutMetricData"],
        ["*"],
        { StringEquals: { "cloudwatch:namespace": "Glue Data Quality" } },
      ],
    });
  });

  test("a failed check of this table is kept in a queue whose alarm tells the topic", async () => {
    const deployed = await deploy({ alarmTopicArn: topic });
    const { eventPattern } = deployed.one("aws:cloudwatch/eventRule:EventRule").inputs;
    expect(JSON.parse(eventPattern as string)).toEqual({
      source: ["aws.glue-dataquality"],
      "detail-type": ["Data Quality Evaluation Results Available"],
      detail: {
        context: { contextType: ["GLUE_DATA_CATALOG"], databaseName: ["curated"], tableName: ["flights"] },
        rulesetNames: ["flights-1234567"],
        state: ["FAILED"],
      },
    });
    const queue = "arn:aws:sqs:eu-west-1:123456789012:flights";
    expect(deployed.one("aws:cloudwatch/eventTarget:EventTarget").inputs.arn).toBe(queue);
    const { dimensions, alarmActions } = deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs;
    expect(dimensions).toEqual({ QueueName: expect.stringContaining("flights") });
    expect(alarmActions).toEqual([topic]);
  });

  test("wrong arguments are all named, and nothing is registered", async () => {
    const faults = await faultsOf(
      () =>
        new GlueDataQuality("flights", {
          ...glueDataQualityArgs,
          contract: "{}",
          dataPrefixes: ["flights/", ""],
          workerCount: 1,
          timeoutMinutes: 0,
          schedule: "daily",
        }),
    );
    expect(faults).toMatchObject({
      registered: 0,
      paths: ["contract", "workerCount", "timeoutMinutes", "dataPrefixes[0]", "dataPrefixes[1]", "schedule"],
    });
  });
});
