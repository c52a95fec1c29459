import { TrainingPipeline } from "../../../components";
import { imageRepositoryArn } from "../../../components/training/image-repository-arn";
import { settingsSchema } from "../../../lambdas/model-evaluator/settings";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { deployInMocks, MockedDeployment, parsePolicy, PolicyDocument } from "../../support/pulumi-mocks";
import { trainingPipelineArgs } from "../loop-samples";

const topic = "arn:aws:sns:eu-west-1:123456789012:alerts";
const deploy = (changes: object = {}) =>
  deployInMocks(
    () => new TrainingPipeline("delays", { ...trainingPipelineArgs, alarmTopicArn: topic, ...changes }),
  );
const statements = (
  deployed: MockedDeployment<unknown>,
  role: string,
): Map<string, PolicyDocument["Statement"][number]> =>
  new Map(
    parsePolicy(deployed.one("aws:iam/rolePolicy:RolePolicy", role).inputs.policy).Statement.map(
      (statement) => [statement.Sid ?? "", statement],
    ),
  );

describe("the training pipeline", () => {
  let deployed: MockedDeployment<TrainingPipeline>;
  beforeAll(async () => void (deployed = await deploy()));

  test("has a definition that names its own role, gate, topic and group", () => {
    const { definition } = deployed.one("aws:sfn/stateMachine:StateMachine").inputs;
    const { States } = JSON.parse(definition as string) as {
      States: Record<string, { Parameters: Record<string, unknown> }>;
    };
    expect(States.Train?.Parameters.RoleArn).toBe("arn:aws:iam::123456789012:role/delays-jobs-1234567");
    expect(States.Gate?.Parameters.FunctionName).toBe("arn:aws:lambda:eu-west-1:123456789012:delays-gate");
    expect(States.Register?.Parameters.ModelPackageGroupName).toBe("test-delays");
    expect(States.NotifyRegistered?.Parameters.TopicArn).toBe(topic);
    expect(definition).not.toContain("undefined");
  });

  test("gives the gate an environment that it accepts, with the article's threshold by default", () => {
    const { environment } = deployed.one("aws:lambda/function:Function").inputs;
    expect(readEnvironment(settingsSchema, environment.variables as Record<string, string>)).toEqual({
      CHAMPION_PARAMETER: "/mlops/test/delays/champion",
      GATE_METRIC: "accuracy",
      GATE_THRESHOLD: 0.8,
      GATE_MAXIMUM_REGRESSION: 0.01,
    });
  });

  test("lends its jobs' role to SageMaker only, and starts only this model's jobs", () => {
    const machine = statements(deployed, "delays-training");
    expect(machine.get("LendRoleToJobs")).toMatchObject({
      Resource: ["arn:aws:iam::123456789012:role/delays-jobs-1234567"],
      Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
    });
    expect(machine.get("Train")?.Resource).toEqual([
      "arn:aws:sagemaker:eu-west-1:123456789012:training-job/delays-*",
    ]);
    expect(machine.get("Register")?.Resource).toEqual([
      "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/test-delays",
      "arn:aws:sagemaker:eu-west-1:123456789012:model-package/test-delays/*",
    ]);
  });

  test("cannot approve what it registers, and its jobs cannot touch the registry's records", () => {
    const actions = [
      ...statements(deployed, "delays-training").values(),
      ...statements(deployed, "delays-jobs").values(),
    ].flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.includes("UpdateModelPackage"))).toEqual([]);
    const ofJobs = [...statements(deployed, "delays-jobs").values()].flatMap(({ Action }) => Action);
    expect(ofJobs.filter((action) => /^(sagemaker|ssm|iam|states):/.test(action))).toEqual([]);
  });

  test("gives its jobs the data, their own model's objects and their image", () => {
    const jobs = statements(deployed, "delays-jobs");
    expect(jobs.get("Read")?.Resource).toEqual([
      "arn:aws:s3:::curated/*",
      "arn:aws:s3:::registry/delays/source/*",
      "arn:aws:s3:::registry/delays/*",
    ]);
    expect(jobs.get("Write")?.Resource).toEqual(["arn:aws:s3:::registry/delays/*"]);
    expect(jobs.get("Image")?.Resource).toEqual(["arn:aws:ecr:eu-west-1:123456789012:repository/training"]);
    expect(jobs.has("NetworkInterfaces")).toBe(false);
  });

  test("may make network interfaces only where it has subnets", async () => {
    const inVpc = await deploy({ subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] });
    expect(statements(inVpc, "delays-jobs").has("NetworkInterfaces")).toBe(true);
  });

  test("tells when a run fails or takes too long", () => {
    const metrics = deployed
      .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ inputs }) => inputs.namespace === "AWS/States")
      .map(({ inputs }) => `${inputs.metricName as string} ${(inputs.alarmActions as string[]).join()}`);
    expect(metrics.sort()).toEqual([`ExecutionsFailed ${topic}`, `ExecutionsTimedOut ${topic}`]);
  });

  test("names every wrong argument at once", async () => {
    const wrong = {
      modelName: "Delays",
      sourceUri: "s3://registry/source/",
      instanceType: "m5.xlarge",
      maximumRuntimeSeconds: 10,
      subnetIds: ["subnet-1"],
      hyperparameters: { sagemaker_program: "other.py" },
      gate: { maximumRegression: -1 },
    };
    const failure = await deploy(wrong).catch((error: Error) => error.message);
    for (const path of [
      "modelName",
      "sourceUri",
      "instanceType",
      "maximumRuntimeSeconds",
      "securityGroupIds",
      "hyperparameters.sagemaker_program",
      "gate.maximumRegression",
    ]) {
      expect(failure).toContain(`${path}: `);
    }
  });
});

test.each([
  [
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:1.0",
    "aws",
    "arn:aws:ecr:eu-west-1:123456789012:repository/a/b",
  ],
  [
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a@sha256:1",
    "aws-cn",
    "arn:aws-cn:ecr:cn-north-1:123456789012:repository/a",
  ],
  [
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/a",
    "aws",
    "arn:aws:ecr:us-east-1:123456789012:repository/a",
  ],
])("the image %s is in its repository", (image, partition, arn) => {
  expect(imageRepositoryArn(image, partition)).toBe(arn);
});

test("an image outside of ECR is refused", () => {
  expect(() => imageRepositoryArn("docker.io/library/python:3.11", "aws")).toThrow(
    'trainingImage: "docker.io/library/python:3.11"',
  );
});
