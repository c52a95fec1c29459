import {
  activityArn,
  activityName,
  integrationOf,
  originalOf,
  translate,
  withIntegrations,
} from "../../../../local/gateway/state-machines/translate";

const place = { region: "us-east-1", accountId: "123456789012" };
const train = "arn:aws:states:::sagemaker:createTrainingJob.sync";
const trainActivity =
  "arn:aws:states:us-east-1:123456789012:activity:gateway_sagemaker_createTrainingJob.sync";

type Json = Record<string, unknown>;
const task = (fields: Json): Json => ({ Type: "Task", End: true, ...fields });
const machine = (fields: Json, more: Json = {}): string =>
  JSON.stringify({ StartAt: "A", States: { A: task(fields) }, ...more });

function translated(definition: string): { States: { A: Json } } & Json {
  return JSON.parse(translate(definition, place)?.definition ?? "null") as { States: { A: Json } } & Json;
}

describe("translate", () => {
  it("makes a SageMaker integration an activity that also carries the execution and the time limit", () => {
    const definition = machine({
      Resource: train,
      TimeoutSeconds: 60,
      Parameters: { "TrainingJobName.$": "$.name" },
      ResultPath: "$.r",
    });
    expect(translated(definition).States.A).toEqual({
      Type: "Task",
      End: true,
      Resource: trainActivity,
      TimeoutSeconds: 60,
      ResultPath: "$.r",
      Parameters: {
        Request: { "TrainingJobName.$": "$.name" },
        "Execution.$": "$$.Execution.Id",
        TimeoutSeconds: 60,
      },
    });
  });

  it("hands the whole input on where there are no parameters, and reads the limit's path", () => {
    expect(
      translated(machine({ Resource: train, TimeoutSecondsPath: "$.limit" })).States.A.Parameters,
    ).toEqual({
      "Request.$": "$",
      "Execution.$": "$$.Execution.Id",
      "TimeoutSeconds.$": "$.limit",
    });
  });

  test.each([
    [
      "of the machine",
      machine(
        { Resource: train, Arguments: { TrainingJobName: "{% $name %}" } },
        { QueryLanguage: "JSONata" },
      ),
    ],
    [
      "of the state",
      machine({ Resource: train, QueryLanguage: "JSONata", Arguments: { TrainingJobName: "{% $name %}" } }),
    ],
  ])("speaks the query language %s", (_case, definition) => {
    expect(translated(definition).States.A.Arguments).toEqual({
      Request: { TrainingJobName: "{% $name %}" },
      Execution: "{% $states.context.Execution.Id %}",
    });
  });

  it.each(["Iterator", "ItemProcessor"])("reaches into a Map's %s", (field) => {
    const inner = { StartAt: "I", States: { I: task({ Resource: train }) } };
    const definition = JSON.stringify({
      StartAt: "A",
      States: { A: { Type: "Map", End: true, [field]: inner } },
    });
    expect(JSON.stringify(translated(definition).States)).toContain(trainActivity);
  });

  it("reaches into every branch of a Parallel", () => {
    const branch = (resource: string): Json => ({
      StartAt: "I",
      States: { I: task({ Resource: resource }) },
    });
    const Branches = [branch(train), branch("arn:aws:states:::aws-sdk:sagemaker:createModelPackage")];
    const result = translate(
      JSON.stringify({ StartAt: "A", States: { A: { Type: "Parallel", End: true, Branches } } }),
      place,
    );
    expect(result?.activities).toEqual([
      "gateway_sagemaker_createTrainingJob.sync",
      "gateway_aws-sdk_sagemaker_createModelPackage",
    ]);
  });

  test.each([
    ["another service", machine({ Resource: "arn:aws:states:::sns:publish" })],
    ["a function", machine({ Resource: "arn:aws:lambda:us-east-1:123456789012:function:sagemaker" })],
    [
      "a callback, which SageMaker does not have",
      machine({ Resource: "arn:aws:states:::sagemaker:createTrainingJob.waitForTaskToken" }),
    ],
    ["no JSON", "{"],
  ])("leaves %s alone", (_case, definition) => {
    expect(translate(definition, place)).toBeUndefined();
  });

  it("keeps the definition as it was written, to the space", () => {
    const definition = JSON.stringify(JSON.parse(machine({ Resource: train })), undefined, 3);
    expect(originalOf(translate(definition, place)?.definition ?? "")).toBe(definition);
    expect(originalOf(definition)).toBeUndefined();
  });
});

describe("names", () => {
  test.each(["sagemaker:createTrainingJob.sync", "aws-sdk:sagemaker:createModelPackage"])(
    "%s comes back",
    (integration) => {
      expect(integrationOf(activityName(integration))).toBe(integration);
      const text = `{"resource":"${activityArn(activityName(integration), place)}"}`;
      expect(withIntegrations(text, place)).toBe(`{"resource":"arn:aws:states:::${integration}"}`);
    },
  );

  it("does not take a user's activity for its own", () => {
    expect(integrationOf("approve")).toBeUndefined();
    const text = activityArn("approve", place);
    expect(withIntegrations(text, place)).toBe(text);
  });
});
