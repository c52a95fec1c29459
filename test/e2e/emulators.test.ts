/** The real daemons, started and ended by the sandbox's own code. */
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { AppsV1Api, AuthenticationV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { emulatorStatus, startEmulators, stopEmulators } from "../../local/emulators";
import { findLeftovers } from "../../local/emulators/leftovers";
import { Sandbox } from "../../local/sandbox";
import { flightsDataset } from "../../local/toolchain";

const projectRoot = fs.mkdtempSync(path.join(os.tmpdir(), "emulators-test-"));
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const EMULATORS = ["kube-apiserver", "etcd", "moto", "ministack"];
/** Gateway and providers have tests of their own. */
const options = { gateway: false, providers: [] };

let sandbox: Sandbox;
const running = (of: Sandbox) =>
  emulatorStatus(of)
    .filter((each) => each.running)
    .map(({ name }) => name);
const client = (endpoint: string) => ({ endpoint, region: sandbox.region, credentials, maxAttempts: 1 });
const kubernetes = (of: Sandbox) => {
  const config = new KubeConfig();
  config.loadFromFile(of.paths.kubeconfig);
  return config;
};

jest.setTimeout(20 * 60_000);

beforeAll(async () => {
  sandbox = await Sandbox.open({ projectRoot });
  const emulators = await startEmulators(sandbox, options);
  expect([...emulators.started].sort()).toEqual([...EMULATORS].sort());
  expect([...emulators.startedEmpty].sort()).toEqual(["etcd", "ministack", "moto"]);
});

afterAll(async () => {
  for (const name of Sandbox.names(projectRoot)) await stopEmulators(Sandbox.find({ name, projectRoot })!);
  fs.rmSync(projectRoot, { recursive: true, force: true });
});

it("MiniStack and moto answer for the same account", async () => {
  for (const endpoint of [sandbox.ministackUrl, sandbox.motoUrl]) {
    const { Account } = await new STSClient(client(endpoint)).send(new GetCallerIdentityCommand({}));
    expect(Account).toBe(sandbox.accountId);
  }
  await new SageMakerClient(client(sandbox.motoUrl)).send(new ListTrainingJobsCommand({}));
});

it("the API server checks tokens, knows its user and rejects a wrong manifest", async () => {
  const config = kubernetes(sandbox);
  const { status } = await config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
  expect(status?.userInfo?.username).toBe("admin");
  await config.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: "models" } } });
  const wrong = { metadata: { name: "x" }, spec: { selector: {}, template: {} } };
  await expect(
    config.makeApiClient(AppsV1Api).createNamespacedDeployment({ namespace: "models", body: wrong }),
  ).rejects.toThrow(/Deployment.*is invalid/);
  const stranger = new KubeConfig();
  stranger.loadFromOptions({ ...config, users: [{ name: "sandbox", token: "wrong" }] });
  await expect(stranger.makeApiClient(CoreV1Api).listNamespace()).rejects.toMatchObject({ code: 401 });
});

it("the API server asks the gateway about tokens that it does not know, and believes its groups", async () => {
  const asked: unknown[] = [];
  const gateway = http.createServer((request, response) => {
    void text(request).then((body) => {
      const review = JSON.parse(body) as { apiVersion: string; spec: { token: string } };
      asked.push([request.method, request.url, review.apiVersion, review.spec.token]);
      const user = { username: "arn:aws:iam::123456789012:role/promoter", groups: ["mlops:promoters"] };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ...review, status: { authenticated: true, user } }));
    });
  });
  await new Promise<void>((resolve) => gateway.listen(sandbox.ports.gateway, "127.0.0.1", resolve));
  const config = kubernetes(sandbox);
  config.users = [{ name: "sandbox", token: "k8s-aws-v1.signed" }];
  const { status } = await config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
  await new Promise((resolve) => gateway.close(resolve));
  expect(asked).toEqual([
    ["POST", "/_gateway/eks-auth?timeout=30s", "authentication.k8s.io/v1", "k8s-aws-v1.signed"],
  ]);
  expect(status?.userInfo?.username).toBe("arn:aws:iam::123456789012:role/promoter");
  expect(status?.userInfo?.groups).toContain("mlops:promoters");
});

it("MiniStack leaves the evaluation of alarms to the gateway, and takes the state that it is told", async () => {
  const cloudwatch = new CloudWatchClient(client(sandbox.ministackUrl));
  const state = async () =>
    (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["drift"] }))).MetricAlarms?.[0]
      ?.StateValue;
  const metric = { MetricName: "drift", Namespace: "test" };
  const alarm = {
    AlarmName: "drift",
    ...metric,
    Threshold: 1,
    ComparisonOperator: "GreaterThanThreshold" as const,
    Period: 60,
    EvaluationPeriods: 1,
    Statistic: "Maximum" as const,
  };
  await cloudwatch.send(
    new PutMetricDataCommand({ Namespace: "test", MetricData: [{ MetricName: "drift", Value: 5 }] }),
  );
  await cloudwatch.send(new PutMetricAlarmCommand(alarm));
  await cloudwatch.send(
    new PutMetricDataCommand({ Namespace: "test", MetricData: [{ MetricName: "drift", Value: 9 }] }),
  );
  await sleep(1_000);
  expect(await state()).toBe("INSUFFICIENT_DATA");
  await cloudwatch.send(
    new SetAlarmStateCommand({ AlarmName: "drift", StateValue: "ALARM", StateReason: "told" }),
  );
  expect(await state()).toBe("ALARM");
});

it("a second start finds everything running; the state stays", async () => {
  await new S3Client({ ...client(sandbox.ministackUrl), forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: "kept" }),
  );
  const again = await startEmulators(sandbox, options);
  expect(again.started).toEqual([]);
});

it("one that was killed is started again, and is reported only when it forgot something", async () => {
  const pidOf = (name: string) => emulatorStatus(sandbox).find((each) => each.name === name)!.pid!;
  for (const name of ["etcd", "moto"]) process.kill(pidOf(name), "SIGKILL");
  while (running(sandbox).includes("moto") || running(sandbox).includes("etcd")) await sleep(50);
  const { started, startedEmpty } = await startEmulators(sandbox, options);
  expect(started).toEqual(expect.arrayContaining(["etcd", "moto"]));
  expect(startedEmpty).toEqual(["moto"]);
  const { items } = await kubernetes(sandbox).makeApiClient(CoreV1Api).listNamespace();
  expect(items.map(({ metadata }) => metadata?.name)).toContain("models");
});

it("a second sandbox runs beside the first, and its end leaves the first alone", async () => {
  const second = await Sandbox.open({ name: "second", projectRoot });
  await startEmulators(second, { ...options, controllers: true });
  expect([...running(second)].sort()).toEqual(
    [...EMULATORS, "kube-controller-manager", "kube-scheduler"].sort(),
  );
  const apps = kubernetes(second).makeApiClient(AppsV1Api);
  const labels = { app: "model" };
  await apps.createNamespacedDeployment({
    namespace: "default",
    body: {
      metadata: { name: "model" },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "model", image: "model" }] } },
      },
    },
  });
  const pods = async () =>
    (await kubernetes(second).makeApiClient(CoreV1Api).listNamespacedPod({ namespace: "default" })).items;
  for (let tries = 0; tries < 100 && (await pods()).length === 0; tries++) await sleep(100);
  expect(await pods()).toHaveLength(1);
  await stopEmulators(second);
  expect(running(second)).toEqual([]);
  expect([...running(sandbox)].sort()).toEqual([...EMULATORS].sort());
});

it("a start that was killed can be run again, and nothing escapes the end", async () => {
  const killed = await Sandbox.open({ name: "killed", projectRoot });
  const script = path.join(__dirname, "start-emulators.ts");
  const start = spawn(process.execPath, ["--import", "tsx", script, projectRoot, "killed"], {
    stdio: "ignore",
  });
  while (!running(killed).includes("etcd")) await sleep(20);
  start.kill("SIGKILL");
  await once(start, "exit");
  expect(running(killed)).not.toContain("kube-apiserver");
  await startEmulators(killed, options);
  expect([...running(killed)].sort()).toEqual([...EMULATORS].sort());
  await stopEmulators(killed);
  expect([running(killed), findLeftovers(killed)]).toEqual([[], []]);
});

it("a failing start ends what it started, and nothing else", async () => {
  const third = await Sandbox.open({ name: "third", projectRoot });
  const intruder = net.createServer();
  await new Promise<void>((resolve) => intruder.listen(third.ports.kubernetes, "127.0.0.1", resolve));
  await expect(startEmulators(third, options)).rejects.toThrow(
    `Port ${third.ports.kubernetes}, which kube-apiserver`,
  );
  await new Promise((resolve) => intruder.close(resolve));
  expect(running(third)).toEqual([]);
  expect(findLeftovers(third)).toEqual([]);
});

it("the end leaves no process, no pid file and free ports", async () => {
  expect([...(await stopEmulators(sandbox))].sort()).toEqual([...EMULATORS].sort());
  expect(running(sandbox)).toEqual([]);
  expect(findLeftovers(sandbox)).toEqual([]);
  expect(fs.readdirSync(sandbox.paths.pids)).toEqual([]);
  expect((await Sandbox.open({ projectRoot })).ports).toEqual(sandbox.ports);
});

it("the data set of the demo is complete", async () => {
  const tables = await flightsDataset();
  expect(fs.readdirSync(tables).sort()).toEqual([
    "airlines.csv",
    "airports.csv",
    "flights.csv",
    "planes.csv",
    "weather.csv",
  ]);
  const flights = fs.readFileSync(path.join(tables, "flights.csv"), "utf8").trimEnd().split("\n");
  expect(flights).toHaveLength(336_777);
  expect(flights[0]).toMatch(/^year,month,day,dep_time,/);
});
