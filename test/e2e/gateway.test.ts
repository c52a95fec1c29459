/** The gateway in front of the real emulators: uploads, jobs, state machines and their events. */
import { setTimeout as pause } from "node:timers/promises";

import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateMlflowTrackingServerCommand,
  CreateModelPackageGroupCommand,
  ListModelPackagesCommand,
  UpdateModelPackageCommand,
} from "@aws-sdk/client-sagemaker";
import { GetExecutionHistoryCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";

import { pipelineDefinition, TestMachines, trainState } from "../local/gateway/support/test-machines";
import { createRole, Inbox, RunningGateway, TestClients } from "../local/gateway/support/running-gateway";
import { createProject, scriptOf, trainingParameters } from "../local/gateway/support/training-project";

const bucket = "gateway-project";
const train = "arn:aws:states:::sagemaker:createTrainingJob.sync";
let running: RunningGateway;
let clients: TestClients;
let jobRole: string;
let machines: TestMachines;

interface BusEvent {
  "detail-type": string;
  resources: string[];
  detail: Record<string, unknown>;
}

jest.setTimeout(10 * 60_000);

beforeAll(async () => {
  running = await RunningGateway.start();
  clients = running.clients();
  jobRole = await createRole(clients, "jobs", "sagemaker");
  machines = new TestMachines(clients, await createRole(clients, "machines", "states"));
  await createProject(clients, bucket);
});

afterAll(async () => {
  await running.stop();
});

const trainTask = (more: object = {}): object => trainState(bucket, jobRole, more);

const hyperparameters = (more: Record<string, string> = {}) => ({ ...scriptOf(bucket), ...more });

it("carries uploads of every kind unharmed", async () => {
  await clients.s3.send(new CreateBucketCommand({ Bucket: "uploads" }));
  const body = Buffer.alloc(6 * 1024 * 1024, "0123456789abcdef");
  for (const ChecksumAlgorithm of [undefined, "CRC32", "SHA256"] as const) {
    const place = { Bucket: "uploads", Key: `a b/é ${ChecksumAlgorithm ?? "default"}` };
    await clients.s3.send(new PutObjectCommand({ ...place, Body: body, ChecksumAlgorithm }));
    const got = await clients.s3.send(new GetObjectCommand({ ...place, ChecksumMode: "ENABLED" }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  }
});

it("says clearly what the sandbox does not carry", async () => {
  const command = new CreateMlflowTrackingServerCommand({
    TrackingServerName: "a",
    ArtifactStoreUri: "s3://b/a",
    RoleArn: jobRole,
  });
  await expect(clients.sageMaker.send(command)).rejects.toMatchObject({
    name: "NotImplemented",
    message: expect.stringContaining("CreateMlflowTrackingServer of sagemaker") as string,
    $metadata: { attempts: 1 },
  });
});

it("trains, evaluates, registers and announces a real model", async () => {
  const inbox = await Inbox.create(clients, "pipeline");
  await inbox.listen("pipeline", { source: ["aws.sagemaker"] });
  const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: "registered" }));
  await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: inbox.arn }));
  await clients.sageMaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: "points" }));
  const definition = pipelineDefinition(bucket, jobRole, TopicArn ?? "", "points");
  const machine = await machines.create("pipeline", definition);
  const execution = await machines.start(machine, {
    name: "good",
    hyperparameters: hyperparameters({ strength: "10" }),
  });
  expect(await machines.finished(execution)).toMatchObject({ status: "SUCCEEDED" });

  const trained = await machines.job("good");
  expect(trained).toMatchObject({
    TrainingJobStatus: "Completed",
    ModelArtifacts: { S3ModelArtifacts: `s3://${bucket}/models/good/output/model.tar.gz` },
    CreationTime: expect.any(Date) as Date,
  });
  expect(trained.FinalMetricDataList).toMatchObject([{ MetricName: "train:accuracy" }]);
  expect(trained.FinalMetricDataList?.[0]?.Value).toBeGreaterThan(0.9);
  const evaluation = await clients.s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: "evaluations/good/evaluation.json" }),
  );
  const { accuracy } = JSON.parse((await evaluation.Body?.transformToString()) ?? "{}") as {
    accuracy: number;
  };
  expect(accuracy).toBeGreaterThan(0.9);
  const logged = new FilterLogEventsCommand({
    logGroupName: "/aws/sagemaker/TrainingJobs",
    logStreamNamePrefix: "good/algo-1-",
  });
  expect((await clients.logs.send(logged)).events?.map((event) => event.message)).toContainEqual(
    expect.stringMatching(/^train_accuracy=/),
  );
  const { events } = await clients.states.send(new GetExecutionHistoryCommand({ executionArn: execution }));
  expect(events?.flatMap((event) => event.taskScheduledEventDetails?.resource ?? [])).toEqual([
    train,
    "arn:aws:states:::sagemaker:createProcessingJob.sync",
    "arn:aws:states:::aws-sdk:sagemaker:createModelPackage",
    "arn:aws:states:::sns:publish",
  ]);

  const packages = await clients.sageMaker.send(
    new ListModelPackagesCommand({ ModelPackageGroupName: "points" }),
  );
  const arn = packages.ModelPackageSummaryList?.[0]?.ModelPackageArn;
  await inbox.find<{ Message?: string }>("message of the topic", (message) => message.Message === arn);
  await inbox.find<BusEvent>(
    "event of the finished job",
    (event) => event.detail?.TrainingJobStatus === "Completed",
  );
  await clients.sageMaker.send(
    new UpdateModelPackageCommand({ ModelPackageArn: arn, ModelApprovalStatus: "Approved" }),
  );
  const approved = await inbox.find<BusEvent>(
    "approval",
    (event) => event.detail?.ModelApprovalStatus === "Approved",
  );
  expect(approved).toMatchObject({
    "detail-type": "SageMaker Model Package State Change",
    resources: [arn],
    detail: {
      ModelPackageGroupName: "points",
      ModelPackageVersion: 1,
      ModelPackageArn: arn,
      CustomerMetadataProperties: { trigger: "manual" },
      InferenceSpecification: { Containers: [{ ModelDataUrl: trained.ModelArtifacts?.S3ModelArtifacts }] },
    },
  });
});

it("trains in branches and for items side by side", async () => {
  const inner = (): object => ({ StartAt: "Train", States: { Train: trainTask({ End: true }) } });
  const machine = await machines.create("side-by-side", {
    StartAt: "Each",
    States: {
      Each: { Type: "Map", ItemsPath: "$.items", ItemProcessor: inner(), ResultPath: null, Next: "Both" },
      Both: {
        Type: "Parallel",
        Branches: ["first", "second"].map((branch) => ({
          StartAt: "Name",
          States: {
            Name: {
              Type: "Pass",
              Parameters: { name: branch, "hyperparameters.$": "$.hyperparameters" },
              Next: "Train",
            },
            Train: trainTask({ End: true }),
          },
        })),
        End: true,
      },
    },
  });
  const items = ["item-one", "item-two"].map((name) => ({ name, hyperparameters: hyperparameters() }));
  const { status, output } = await machines.finished(
    await machines.start(machine, { items, hyperparameters: hyperparameters() }),
  );
  expect(status).toBe("SUCCEEDED");
  const trained = JSON.parse(output ?? "[]") as { TrainingJobName: string }[];
  expect(trained.map((each) => each.TrainingJobName)).toEqual(["first", "second"]);
  for (const { name } of items) expect((await machines.job(name)).TrainingJobStatus).toBe("Completed");
});

describe("a task that goes wrong", () => {
  const caught = {
    ErrorEquals: ["States.Timeout", "States.TaskFailed"],
    ResultPath: "$.error",
    Next: "Caught",
  };
  const failing = (more: object): object => ({
    StartAt: "Train",
    States: {
      Train: trainTask({ Catch: [caught], Next: "Caught", ...more }),
      Caught: { Type: "Pass", End: true },
    },
  });
  const errorOf = async (execution: string): Promise<{ Error: string; Cause: string }> => {
    const { output } = await machines.finished(execution);
    return (JSON.parse(output ?? "{}") as { error: { Error: string; Cause: string } }).error;
  };

  it("fails with the job's description", async () => {
    const input = { name: "bad", hyperparameters: hyperparameters({ failure: "there is one class only" }) };
    const error = await errorOf(await machines.start(await machines.create("failing", failing({})), input));
    expect(error.Error).toBe("States.TaskFailed");
    expect(JSON.parse(error.Cause)).toMatchObject({
      TrainingJobStatus: "Failed",
      FailureReason: "AlgorithmError: there is one class only, exit code: 3",
    });
  });

  it("times out and stops its job", async () => {
    const machine = await machines.create("slow", failing({ TimeoutSeconds: 3 }));
    const execution = await machines.start(machine, {
      name: "slow",
      hyperparameters: hyperparameters({ seconds: "100" }),
    });
    expect((await errorOf(execution)).Error).toBe("States.Timeout");
    await machines.jobWith("slow", "Stopped");
  });

  it("has the error name of the refused call", async () => {
    const retried = {
      ErrorEquals: ["SageMaker.ResourceInUseException"],
      ResultPath: "$.error",
      Next: "Caught",
    };
    const machine = await machines.create("twice", failing({ Catch: [retried] }));
    const execution = await machines.start(machine, { name: "bad", hyperparameters: hyperparameters() });
    expect((await errorOf(execution)).Error).toBe("SageMaker.ResourceInUseException");
  });

  it("stops its job when the execution is stopped", async () => {
    const execution = await machines.start(await machines.create("stopped", failing({})), {
      name: "stopped",
      hyperparameters: hyperparameters({ seconds: "100" }),
    });
    await machines.jobWith("stopped", "Training");
    await clients.states.send(new StopExecutionCommand({ executionArn: execution }));
    await machines.jobWith("stopped", "Stopped");
  });

  it("fails when the gateway dies, and the next gateway carries on", async () => {
    const machine = await machines.create("survivor", {
      StartAt: "Train",
      States: {
        Train: trainTask({ Catch: [{ ...caught, Next: "Again" }], Next: "Again" }),
        Again: trainTask({
          Parameters: {
            ...trainingParameters(bucket, jobRole),
            TrainingJobName: "again",
            "HyperParameters.$": "$.second",
          },
          End: true,
        }),
      },
    });
    const input = {
      name: "orphan",
      hyperparameters: hyperparameters({ seconds: "100" }),
      second: hyperparameters(),
    };
    const execution = await machines.start(machine, input);
    await machines.jobWith("orphan", "Training");
    process.kill(await running.startGateway(), "SIGKILL");
    await pause(500);
    await running.startGateway();
    expect(await machines.finished(execution)).toMatchObject({ status: "SUCCEEDED" });
    expect(await machines.job("orphan")).toMatchObject({
      TrainingJobStatus: "Failed",
      FailureReason: "InternalServerError: the sandbox's gateway ended while the job ran.",
    });
    expect(await machines.job("again")).toMatchObject({ TrainingJobStatus: "Completed" });
  });
});
