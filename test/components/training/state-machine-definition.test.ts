import { jobNamePrefix } from "../../../components/training/job-names";
import { stateMachineDefinition } from "../../../components/training/state-machine-definition";
import type { State, StateMachineSpec } from "../../../components/training/state-machine-parts";

const spec: StateMachineSpec = {
  modelName: "flight-delays",
  jobNamePrefix: "flight-delays",
  trainingImage: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/training@sha256:1",
  servingImage: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/serving@sha256:2",
  sourceUri: "s3://registry/flight-delays/source/1",
  hyperparameters: { "max-iter": "100" },
  registryBucketName: "registry",
  modelPackageGroupName: "test-flight-delays",
  roleArn: "arn:aws:iam::123456789012:role/jobs",
  gateFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:gate",
  alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:alerts",
  instanceType: "ml.m5.xlarge",
  instanceCount: 1,
  volumeSizeGigabytes: 30,
  maximumRuntimeSeconds: 3600,
  useSpotInstances: false,
};

interface Task extends State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { ErrorEquals: string[]; Next: string; ResultPath: string }[];
  Retry?: { JitterStrategy?: string; BackoffRate?: number; MaxAttempts?: number; ErrorEquals: string[] }[];
  TimeoutSeconds?: number;
  Parameters: Record<string, never>;
}

const statesOf = (changes: Partial<StateMachineSpec> = {}): Record<string, Task> =>
  stateMachineDefinition({ ...spec, ...changes }).States as Record<string, Task>;
const followers = (state: Task): string[] =>
  [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map(({ Next }) => Next),
    ...(state.Catch ?? []).map(({ Next }) => Next),
  ].filter((name) => name !== undefined);

describe("the training pipeline", () => {
  test.each(Object.entries(statesOf()).filter(([, state]) => state.Type === "Task"))(
    "%s has a time limit, retries with jitter, and an answer to every error",
    (_name, state) => {
      expect(state.TimeoutSeconds).toBeGreaterThan(0);
      expect(state.Retry?.length).toBeGreaterThan(0);
      for (const retry of state.Retry ?? []) {
        expect(retry).toMatchObject({ JitterStrategy: "FULL", BackoffRate: 2 });
        expect(retry.MaxAttempts).toBeGreaterThan(0);
      }
      expect(state.Catch?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([["States.ALL"]]);
    },
  );

  test.each([{}, { alarmTopicArn: undefined }])(
    "reaches every state, and leads nowhere else (%j)",
    (changes) => {
      const states = statesOf(changes);
      const reached = new Set<string>();
      const visit = (name: string): void => {
        if (reached.has(name)) return;
        reached.add(name);
        const state = states[name];
        if (state === undefined) throw new Error(`There is no state ${name}`);
        followers(state).forEach(visit);
      };
      visit(stateMachineDefinition(spec).StartAt as string);
      expect([...reached].sort()).toEqual(Object.keys(states).sort());
    },
  );

  test("registers nothing that did not pass the gate", () => {
    const states = statesOf();
    const before = Object.keys(states).filter((name) => followers(states[name] as Task).includes("Register"));
    expect(before).toEqual(["Passed"]);
    expect(states.Passed).toMatchObject({
      Choices: [{ Variable: "$.gate.decision.passed", BooleanEquals: true, Next: "Register" }],
      Default: "NotifyRefused",
    });
    expect(states.Register?.Parameters).toMatchObject({ ModelApprovalStatus: "PendingManualApproval" });
  });

  test("tells a failure and ends failed; tells a refusal and ends well", () => {
    const states = statesOf();
    for (const name of ["Train", "Evaluate", "Gate", "Register"]) {
      expect(states[name]?.Catch?.[0]).toMatchObject({ Next: "NotifyFailure", ResultPath: "$.error" });
    }
    expect([states.NotifyFailure?.Next, states.Failed?.Type]).toEqual(["Failed", "Fail"]);
    expect([states.NotifyRefused?.Next, states.Refused?.Type]).toEqual(["Refused", "Succeed"]);
    for (const name of ["NotifyFailure", "NotifyRefused", "NotifyRegistered"]) {
      expect(states[name]?.Catch?.[0]?.Next).toBe(states[name]?.Next);
    }
  });

  test("trains in script mode with the sources and data of the request", () => {
    expect(statesOf().Train?.Parameters).toEqual({
      "TrainingJobName.$": "States.Format('flight-delays-{}', $$.Execution.Name)",
      RoleArn: spec.roleArn,
      AlgorithmSpecification: { TrainingImage: spec.trainingImage, TrainingInputMode: "File" },
      HyperParameters: {
        "max-iter": "100",
        sagemaker_program: "train.py",
        sagemaker_submit_directory: "s3://registry/flight-delays/source/1/source.tar.gz",
      },
      InputDataConfig: [
        {
          ChannelName: "train",
          DataSource: {
            S3DataSource: {
              S3DataType: "S3Prefix",
              "S3Uri.$": "$.dataUri",
              S3DataDistributionType: "FullyReplicated",
            },
          },
        },
      ],
      OutputDataConfig: { S3OutputPath: "s3://registry/flight-delays/training" },
      ResourceConfig: { InstanceType: "ml.m5.xlarge", InstanceCount: 1, VolumeSizeInGB: 30 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      EnableNetworkIsolation: false,
      EnableInterContainerTrafficEncryption: false,
    });
  });

  test("evaluates in the same image from the same archive, without network", () => {
    const job = statesOf().Evaluate?.Parameters as State;
    expect(job).toMatchObject({
      AppSpecification: { ImageUri: spec.trainingImage, ContainerEntrypoint: ["/bin/bash", "-c"] },
      NetworkConfig: { EnableNetworkIsolation: true },
    });
    const inputs = job.ProcessingInputs as { S3Input: Record<string, string> }[];
    expect(inputs.map(({ S3Input }) => S3Input["S3Uri.$"] ?? S3Input.S3Uri)).toEqual([
      "s3://registry/flight-delays/source/1/source.tar.gz",
      "$.training.modelDataUrl",
      "$.dataUri",
    ]);
  });

  test("never hands a job to a state that waits shorter than the job may run", () => {
    for (const useSpotInstances of [false, true]) {
      const { Train, Evaluate } = statesOf({ useSpotInstances });
      const { StoppingCondition: limit } = Train?.Parameters as unknown as {
        StoppingCondition: Record<string, number>;
      };
      expect(Train?.TimeoutSeconds).toBeGreaterThan(
        limit.MaxWaitTimeInSeconds ?? limit.MaxRuntimeInSeconds ?? 0,
      );
      expect(Evaluate?.TimeoutSeconds).toBeGreaterThan(3600);
      const whole = stateMachineDefinition({ ...spec, useSpotInstances }).TimeoutSeconds as number;
      expect(whole).toBeGreaterThan((Train?.TimeoutSeconds ?? 0) + (Evaluate?.TimeoutSeconds ?? 0));
    }
  });

  test("keeps checkpoints when capacity can be taken away", () => {
    expect(statesOf({ useSpotInstances: true }).Train?.Parameters).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
      CheckpointConfig: {
        "S3Uri.$": "States.Format('s3://registry/flight-delays/checkpoints/{}', $$.Execution.Name)",
      },
    });
  });

  test("uses the network and the key of the caller for both jobs", () => {
    const states = statesOf({
      subnetIds: ["subnet-1"],
      securityGroupIds: ["sg-1"],
      kmsKeyArn: "key",
      instanceCount: 2,
    });
    const vpc = { Subnets: ["subnet-1"], SecurityGroupIds: ["sg-1"] };
    expect(states.Train?.Parameters).toMatchObject({
      VpcConfig: vpc,
      OutputDataConfig: { KmsKeyId: "key" },
      ResourceConfig: { VolumeKmsKeyId: "key" },
      EnableInterContainerTrafficEncryption: true,
    });
    expect(states.Evaluate?.Parameters).toMatchObject({
      NetworkConfig: { VpcConfig: vpc },
      ProcessingOutputConfig: { KmsKeyId: "key" },
      ProcessingResources: { ClusterConfig: { VolumeKmsKeyId: "key" } },
    });
  });

  test.each([
    ["ml.m5.xlarge", "key"],
    ["ml.c6i.large", "key"],
    ["ml.m5d.xlarge", undefined],
    ["ml.r6gd.xlarge", undefined],
    ["ml.g5.2xlarge", undefined],
    ["ml.p4d.24xlarge", undefined],
  ])("the volume of %s gets the key %s", (instanceType, key) => {
    const { ResourceConfig } = statesOf({ instanceType, kmsKeyArn: "key" }).Train?.Parameters as unknown as {
      ResourceConfig: { VolumeKmsKeyId?: string };
    };
    expect(ResourceConfig.VolumeKmsKeyId).toBe(key);
  });
});

test.each(["a", "flight-delays", "a-very-long-model-name-of-30-c", "exactly-twenty-five-chars-x"])(
  "jobs of %s have names that SageMaker takes, even in an execution without a name of its own",
  (modelName) => {
    const name = `${jobNamePrefix(modelName)}-0f8fad5b-d9cb-469f-a165-70867728950e`;
    expect(name).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
  },
);
