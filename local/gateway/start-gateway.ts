import * as fs from "node:fs";

import { AlarmLoop } from "./alarms/alarm-loop";
import { Clients, createClients, createSageMakerClient, credentials, destroyClients } from "./clients";
import type { GatewayConfiguration } from "./configuration";
import { EmrServerlessJobs } from "./emr-serverless/emr-serverless-jobs";
import { BufferedResponse, jsonResponse } from "./errors";
import { BusPublisher } from "./events";
import { GatewayServer } from "./gateway";
import { Interceptor, parseJson } from "./interceptor";
import { EksClusters } from "./kubernetes/cluster";
import { TokenReviewer } from "./kubernetes/token-review";
import { log } from "./log";
import { Proxy } from "./proxy";
import { classify } from "./routing";
import type { JobServices } from "./sagemaker/job-services";
import { JobStore } from "./sagemaker/job-store";
import { ModelPackages } from "./sagemaker/model-packages";
import { SageMakerJobs } from "./sagemaker/sagemaker-jobs";
import { SageMakerIntegrations } from "./state-machines/integrations";
import { StateMachines } from "./state-machines/state-machines";
import { TaskStore } from "./state-machines/task-store";
import { TaskWorker } from "./state-machines/task-worker";
import { Statistics } from "./statistics";

/** A gateway that runs. */
export interface RunningGateway {
  /** Address to use as AWS_ENDPOINT_URL. */
  url: string;
  /** Ends running jobs' processes and the server. */
  close(): Promise<void>;
}

async function reachable(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(3000) })).ok;
  } catch {
    return false;
  }
}

/** 200 when both emulators answer, else 503 that says which one does not. */
async function health(configuration: GatewayConfiguration): Promise<BufferedResponse> {
  const [ministack, moto] = await Promise.all([
    reachable(new URL("/_ministack/health", configuration.ministackUrl).href),
    reachable(new URL("/moto-api/", configuration.motoUrl).href),
  ]);
  const healthy = ministack && moto;
  return jsonResponse(healthy ? 200 : 503, { status: healthy ? "ok" : "unavailable", ministack, moto });
}

async function describeModelPackage(
  proxy: Proxy,
  region: string,
  arn: string,
): Promise<Record<string, unknown> | undefined> {
  const call = classify("POST", "/", {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "SageMaker.DescribeModelPackage",
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20000101/${region}/sagemaker/aws4_request`,
  });
  const answer = await proxy.send(call, Buffer.from(JSON.stringify({ ModelPackageName: arn })));
  return answer.status === 200 ? parseJson(answer.body) : undefined;
}

/** The parts that start, recover and end together. */
interface Parts {
  clients: Clients;
  proxy: Proxy;
  statistics: Statistics;
  publisher: BusPublisher;
  jobs: SageMakerJobs;
  spark: EmrServerlessJobs;
  machines: StateMachines;
  alarms: AlarmLoop;
}

function createParts(configuration: GatewayConfiguration, surroundings: { gatewayUrl: string }): Parts {
  const clients = createClients(configuration);
  const publisher = new BusPublisher(clients.events);
  const { region, accountId, python, stopGraceMilliseconds } = configuration;
  const services: JobServices = {
    ...clients,
    events: publisher,
    python,
    region,
    accountId,
    stopGraceMilliseconds,
    // Known only once the server listens, and read only when a job starts.
    get gatewayUrl() {
      return surroundings.gatewayUrl;
    },
  };
  return {
    clients,
    publisher,
    proxy: new Proxy(configuration.ministackUrl, configuration.motoUrl),
    statistics: new Statistics(),
    jobs: new SageMakerJobs(new JobStore(configuration.root), services),
    spark: new EmrServerlessJobs(configuration.root, services),
    machines: new StateMachines(clients.states, { region, accountId }),
    alarms: new AlarmLoop(
      { ...clients, events: publisher, region, accountId },
      configuration.alarmIntervalMilliseconds,
    ),
  };
}

function createServer(configuration: GatewayConfiguration, parts: Parts): GatewayServer {
  const { proxy, statistics, jobs, spark, machines, alarms, publisher } = parts;
  const packages = new ModelPackages(
    (arn) => describeModelPackage(proxy, configuration.region, arn),
    publisher,
  );
  const interceptors: Interceptor[] = [jobs, spark, packages, machines];
  if (configuration.kubernetesUrl) {
    interceptors.push(
      new EksClusters({ url: configuration.kubernetesUrl, caFile: configuration.kubernetesCaFile }),
    );
  }
  const reviewer = new TokenReviewer(parts.clients.eks, proxy);
  return new GatewayServer({
    proxy,
    statistics,
    interceptors,
    internal: {
      health: () => health(configuration),
      status: () =>
        Promise.resolve(
          jsonResponse(200, {
            jobs: jobs.overview(),
            alarms: alarms.overview(),
            stateMachines: [...machines.translated],
            requests: statistics.requests(),
            unsupported: statistics.unsupported(),
            eventsRefused: publisher.refused,
          }),
        ),
      "eks-auth": (call, body) => reviewer.review(call, body),
    },
  });
}

/** Starts the gateway: server, jobs, state machine tasks, alarms. Both emulators have to answer already. */
export async function startGateway(configuration: GatewayConfiguration): Promise<RunningGateway> {
  fs.mkdirSync(configuration.root, { recursive: true });
  const surroundings = { gatewayUrl: "" };
  const parts = createParts(configuration, surroundings);
  await parts.jobs.recover();
  await parts.spark.recover();
  await parts.machines.recover();
  const server = createServer(configuration, parts);
  const url = `http://127.0.0.1:${await server.listen(configuration.port)}`;
  surroundings.gatewayUrl = url;
  const sageMaker = createSageMakerClient(configuration.region, url);
  const worker = new TaskWorker(
    {
      states: parts.clients.states,
      integrations: new SageMakerIntegrations(sageMaker),
      tasks: new TaskStore(configuration.root),
      machines: parts.machines.translated,
    },
    configuration.taskIntervalMilliseconds,
  );
  worker.start();
  parts.alarms.start();
  log("gateway", `listens on ${url}, in front of ${configuration.ministackUrl} and ${configuration.motoUrl}`);
  return {
    url,
    close: async () => {
      await worker.close();
      await parts.alarms.close();
      await parts.jobs.close();
      await parts.spark.close();
      await server.close();
      sageMaker.destroy();
      destroyClients(parts.clients);
    },
  };
}
