import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EKSClient } from "@aws-sdk/client-eks";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

import { startDaemon, stopDaemon } from "../../../../local/emulators/daemon";
import { gatewayDaemon } from "../../../../local/emulators/gateway";
import { ministackDaemon } from "../../../../local/emulators/ministack";
import { motoDaemon } from "../../../../local/emulators/moto";
import { Sandbox } from "../../../../local/sandbox";
import { ensurePython, noProgress } from "../../../../local/toolchain";

/** MiniStack, moto and the gateway in a sandbox of their own, without Kubernetes. */
export class RunningGateway {
  private constructor(
    readonly sandbox: Sandbox,
    private readonly python: string,
    private readonly projectRoot: string,
  ) {}

  static async start(): Promise<RunningGateway> {
    const projectRoot = fs.mkdtempSync(path.join(os.tmpdir(), "gateway-e2e-"));
    const sandbox = await Sandbox.open({ projectRoot });
    const python = await ensurePython(noProgress);
    const running = new RunningGateway(sandbox, python, projectRoot);
    fs.writeFileSync(sandbox.paths.kubernetesCaFile, "certificate");
    try {
      await startDaemon(sandbox, ministackDaemon(sandbox, python), noProgress);
      await startDaemon(sandbox, motoDaemon(sandbox, python), noProgress);
      await running.startGateway();
    } catch (error) {
      await running.stop();
      throw error;
    }
    return running;
  }

  /** Starts the gateway, or does nothing when it runs; the process id. */
  async startGateway(): Promise<number> {
    const daemon = gatewayDaemon(this.sandbox, this.python);
    const settings = {
      ...daemon.settings,
      ALARM_INTERVAL_MS: "300",
      TASK_INTERVAL_MS: "200",
      STOP_GRACE_MS: "500",
    };
    return (await startDaemon(this.sandbox, { ...daemon, settings }, noProgress)).pid;
  }

  async stop(): Promise<void> {
    for (const name of ["gateway", "moto", "ministack"]) await stopDaemon(this.sandbox, name);
    fs.rmSync(this.projectRoot, { recursive: true, force: true });
  }

  /** Settings of a client of any service. */
  settings() {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return { endpoint: this.sandbox.gatewayUrl, region: this.sandbox.region, credentials };
  }

  clients() {
    const common = this.settings();
    return {
      cloudWatch: new CloudWatchClient(common),
      eks: new EKSClient(common),
      events: new EventBridgeClient(common),
      iam: new IAMClient(common),
      lambda: new LambdaClient(common),
      logs: new CloudWatchLogsClient(common),
      s3: new S3Client({ ...common, forcePathStyle: true }),
      sageMaker: new SageMakerClient(common),
      sns: new SNSClient(common),
      sqs: new SQSClient(common),
      states: new SFNClient(common),
    };
  }
}

export type TestClients = ReturnType<RunningGateway["clients"]>;

/** Calls until the answer is there; an error after the time is over names what was waited for. */
export async function waitFor<T>(what: string, read: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(100)) {
    const found = await read();
    if (found !== undefined) return found;
  }
  throw new Error(`After ${seconds} s there was still no ${what}.`);
}

/** Creates a role that a service may take; its ARN. */
export async function createRole(
  clients: TestClients,
  name: string,
  service: string,
  folder = "/",
): Promise<string> {
  const statement = {
    Effect: "Allow",
    Principal: { Service: `${service}.amazonaws.com` },
    Action: "sts:AssumeRole",
  };
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const command = new CreateRoleCommand({ RoleName: name, Path: folder, AssumeRolePolicyDocument: document });
  return (await clients.iam.send(command)).Role?.Arn ?? "";
}

/** Creates a role that a service may take, and that may do the actions on the resources; its ARN. */
export async function roleThatMay(
  clients: TestClients,
  name: string,
  service: string,
  rights: { actions: string[]; resources: string[] },
): Promise<string> {
  const arn = await createRole(clients, name, service);
  const statement = { Effect: "Allow", Action: rights.actions, Resource: rights.resources };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await clients.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "own", PolicyDocument }));
  return arn;
}

/** A queue that keeps what topics, rules and functions send to it. */
export class Inbox {
  private readonly kept: string[] = [];

  private constructor(
    private readonly clients: TestClients,
    readonly url: string,
    readonly arn: string,
  ) {}

  static async create(clients: TestClients, name: string): Promise<Inbox> {
    const open = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [open] });
    const queue = await clients.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
    return new Inbox(clients, queue.QueueUrl ?? "", `arn:aws:sqs:us-east-1:123456789012:${name}`);
  }

  /** Also keeps the events of a rule on the default bus. */
  async listen(rule: string, pattern: object): Promise<void> {
    await this.clients.events.send(new PutRuleCommand({ Name: rule, EventPattern: JSON.stringify(pattern) }));
    await this.clients.events.send(
      new PutTargetsCommand({ Rule: rule, Targets: [{ Id: "inbox", Arn: this.arn }] }),
    );
  }

  /** Everything that has come so far, oldest first. */
  async all(): Promise<string[]> {
    for (;;) {
      const command = new ReceiveMessageCommand({ QueueUrl: this.url, MaxNumberOfMessages: 10 });
      const messages = (await this.clients.sqs.send(command)).Messages ?? [];
      if (messages.length === 0) return this.kept;
      this.kept.push(...messages.map((message) => message.Body ?? ""));
      const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.clients.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
    }
  }

  /** The first message whose JSON fits. */
  find<T>(what: string, fits: (message: T) => boolean): Promise<T> {
    return waitFor(what, async () => (await this.all()).map((body) => JSON.parse(body) as T).find(fits));
  }
}
