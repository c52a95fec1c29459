import { resourceHandler, isApplied, recordedReason } from "../../../../../local/provider/aws/registry";
import type { Properties } from "../../../../../local/provider/aws/framework/types";
import { resources as athena } from "../../../../../local/provider/aws/services/athena";
import { resources as budgets } from "../../../../../local/provider/aws/services/budgets";
import { resources as cloudwatch } from "../../../../../local/provider/aws/services/cloudwatch";
import { resources as dms } from "../../../../../local/provider/aws/services/dms";
import { resources as ecr } from "../../../../../local/provider/aws/services/ecr";
import { resources as eks } from "../../../../../local/provider/aws/services/eks";
import { resources as emrServerless } from "../../../../../local/provider/aws/services/emr-serverless";
import { resources as eventbridge } from "../../../../../local/provider/aws/services/eventbridge";
import { resources as glue } from "../../../../../local/provider/aws/services/glue";
import { resources as iot } from "../../../../../local/provider/aws/services/iot";
import { resources as kinesis } from "../../../../../local/provider/aws/services/kinesis";
import { resources as lambda } from "../../../../../local/provider/aws/services/lambda";
import { resources as mq } from "../../../../../local/provider/aws/services/mq";
import { resources as msk } from "../../../../../local/provider/aws/services/msk";
import { resources as sagemaker } from "../../../../../local/provider/aws/services/sagemaker";
import { resources as scheduler } from "../../../../../local/provider/aws/services/scheduler";
import { resources as sns } from "../../../../../local/provider/aws/services/sns";
import { resources as sqs } from "../../../../../local/provider/aws/services/sqs";
import { resources as stepFunctions } from "../../../../../local/provider/aws/services/step-functions";

const handlers = [
  ...[athena, budgets, cloudwatch, ecr, eks, eventbridge, glue],
  ...[lambda, sagemaker, scheduler, sns, sqs, stepFunctions],
  ...[dms, emrServerless, iot, kinesis, mq, msk],
].flat();

/** Modules whose files are not written as their tokens. */
const oddFiles: Record<string, string> = { "dms/s3Endpoint": "dms/s3endpoint" };

/** The class of `@pulumi/aws` that a token belongs to. */
function classOf(token: string): { __pulumiType?: string } | undefined {
  const [, path = "", name = ""] = /^aws:([^:]+):(.+)$/.exec(token) ?? [];
  const file = oddFiles[path] ?? path;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the module's name comes from the table
  return (require(`@pulumi/aws/${file}`) as Record<string, { __pulumiType?: string }>)[name];
}

it.each(handlers.map((handler) => handler.type))("%s is a type of @pulumi/aws, and registered", (type) => {
  expect(classOf(type)?.__pulumiType).toBe(type);
  expect(resourceHandler(type)).toBeDefined();
});

it("applies every type but those that name their reason", () => {
  const recorded = handlers.filter(({ type }) => !isApplied(type)).map(({ type }) => type.split(":").at(-1));
  expect(recorded.sort()).toEqual([
    "CatalogTableOptimizer",
    "Configuration",
    "Configuration",
    "DataCatalogEncryptionSettings",
    "DataQualityJobDefinition",
    "DataQualityRuleset",
    "Domain",
    "EventBusPolicy",
    "EventSubscription",
    "LoggingOptions",
    "MlflowTrackingServer",
    "MonitoringSchedule",
    "QueryDefinition",
    "RegistryScanningConfiguration",
    "ReplicationConfig",
    "ServerlessCluster",
    "UserProfile",
  ]);
  for (const { type } of handlers.filter((handler) => !isApplied(handler.type))) {
    expect(recordedReason(type)).toMatch(/emulator/);
  }
});

it.each<[string, Properties, RegExp | undefined]>([
  ["an SQS queue", { eventSourceArn: "arn:aws:sqs:us-east-1:1:a" }, undefined],
  ["a Kinesis stream", { eventSourceArn: "arn:aws:kinesis:us-east-1:1:stream/a" }, undefined],
  ["an ARN that is not known yet", {}, undefined],
  ["MSK", { eventSourceArn: "arn:aws:kafka:us-east-1:1:cluster/a/b" }, /emulator polls .* not kafka/],
  ["Amazon MQ", { eventSourceArn: "arn:aws:mq:us-east-1:1:broker:a:b" }, /emulator polls .* not mq/],
  ["a Kafka of one's own", { selfManagedEventSource: { endpoints: {} } }, /emulator polls no Kafka/],
])("says by its source whether an event source mapping is recorded: %s", (_source, inputs, reason) => {
  const said = recordedReason("aws:lambda/eventSourceMapping:EventSourceMapping", inputs);
  if (reason) expect(said).toMatch(reason);
  else expect(said).toBeUndefined();
});

it.each<[string, Properties, string]>([
  ["aws:iot/topicRule:TopicRule", { timestreams: [{}] }, "timestreams"],
  ["aws:dms/endpoint:Endpoint", { kafkaSettings: {} }, "kafkaSettings"],
  ["aws:cloudwatch/eventRule:EventRule", {}, "eventPattern"],
  ["aws:cloudwatch/eventTarget:EventTarget", { rule: "a", arn: "b", ecsTarget: {} }, "ecsTarget"],
])("%s refuses %j with a sentence about the field", (type, inputs, property) => {
  const [problem] = resourceHandler(type)?.check?.(inputs) ?? [];
  expect(problem?.property).toBe(property);
  expect(problem?.reason).toMatch(new RegExp(`${property}|the sandbox does not translate`));
});

it("accepts a rule with either a pattern or a schedule", () => {
  const check = resourceHandler("aws:cloudwatch/eventRule:EventRule")!.check!;
  expect(check({ eventPattern: "{}" })).toEqual([]);
  expect(check({ scheduleExpression: "rate(1 day)" })).toEqual([]);
});

it("gives default tags to recorded types that have tags, and to no others", () => {
  expect(resourceHandler("aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer")?.taggable).toBe(true);
  expect(resourceHandler("aws:cloudwatch/eventBusPolicy:EventBusPolicy")?.taggable).toBe(false);
});
