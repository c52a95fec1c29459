import * as fs from "node:fs";
import * as path from "node:path";

import { BufferedResponse, jsonResponse } from "../errors";
import { Forward, Interceptor, parseJson, withJson } from "../interceptor";
import { log } from "../log";
import type { Call } from "../routing";
import { nowSeconds } from "../sagemaker/job";
import { endLeftGroup } from "../sagemaker/job-process";
import type { JobServices } from "../sagemaker/job-services";
import { isEnded, RunState, SparkExecution, SparkRun } from "./spark-run";

const jobRuns = /^\/applications\/([^/]+)\/jobruns(?:\/([^/]+))?$/;

/** What the gateway knows of a run and moto does not: there every run has succeeded before it began. */
function shown(run: SparkRun): Record<string, unknown> {
  const { state, stateDetails, createdAt, updatedAt, startedAt } = run;
  const seconds = startedAt === undefined ? 0 : (isEnded(state) ? updatedAt : nowSeconds()) - startedAt;
  return { state, stateDetails, createdAt, updatedAt, totalExecutionDurationSeconds: Math.round(seconds) };
}

/** Job runs of EMR Serverless: moto checks and names them, Spark runs them on this machine. */
export class EmrServerlessJobs implements Interceptor {
  private readonly runs = new Map<string, SparkRun>();
  private readonly active = new Map<string, { execution: SparkExecution; done: Promise<void> }>();
  private readonly folder: string;

  constructor(
    root: string,
    private readonly services: JobServices,
  ) {
    this.folder = path.join(root, "emr-serverless");
    for (const id of fs.existsSync(this.folder) ? fs.readdirSync(this.folder) : []) {
      const file = path.join(this.folder, id, "run.json");
      if (fs.existsSync(file)) this.runs.set(id, JSON.parse(fs.readFileSync(file, "utf8")) as SparkRun);
    }
  }

  handles(call: Call): boolean {
    return call.service === "emr-serverless" && jobRuns.test(call.path);
  }

  async handle(call: Call, body: Buffer, forward: Forward): Promise<BufferedResponse> {
    const [, applicationId = "", id] = jobRuns.exec(call.path) ?? [];
    if (id === undefined) {
      return call.method === "POST"
        ? await this.start(parseJson(body), applicationId, forward)
        : this.list(applicationId, new URLSearchParams(call.url.split("?")[1]));
    }
    const run = this.runs.get(id);
    if (call.method === "DELETE") await this.active.get(id)?.execution.cancel();
    const answer = await forward();
    if (call.method !== "GET" || answer.status !== 200 || !run) return answer;
    const { jobRun } = parseJson(answer.body) as { jobRun: object };
    return withJson(answer, { jobRun: { ...jobRun, ...shown(run) } });
  }

  /** Fails the runs whose processes died with an earlier gateway, and ends what it left running. */
  async recover(): Promise<void> {
    for (const run of [...this.runs.values()].filter(({ state }) => !isEnded(state))) {
      if (run.process) await endLeftGroup(run.process);
      run.process = undefined;
      run.state = RunState.Failed;
      run.stateDetails = "the sandbox's gateway ended while the job ran";
      run.updatedAt = nowSeconds();
      this.save(run);
      log("emr-serverless", `run ${run.id}: ${run.stateDetails}`);
    }
  }

  /** Ends every running job because the gateway ends. */
  async close(): Promise<void> {
    const running = [...this.active.values()];
    await Promise.all(running.map(({ execution }) => execution.abandon()));
    await Promise.all(running.map(({ done }) => done));
  }

  private async start(
    request: Record<string, unknown>,
    applicationId: string,
    forward: Forward,
  ): Promise<BufferedResponse> {
    const clientToken = request.clientToken as string | undefined;
    const known = [...this.runs.values()].find(
      (run) => run.applicationId === applicationId && run.clientToken === clientToken,
    );
    // The same token means the same request, sent again.
    if (clientToken !== undefined && known) {
      return jsonResponse(200, { applicationId, jobRunId: known.id, arn: known.arn }, "application/json");
    }
    const answer = await forward();
    if (answer.status !== 200) return answer;
    const { jobRunId, arn } = parseJson(answer.body) as { jobRunId: string; arn: string };
    const now = nowSeconds();
    this.launch({
      ...{ id: jobRunId, applicationId, arn, clientToken, createdAt: now, updatedAt: now },
      state: RunState.Submitted,
      stateDetails: "",
      request: request,
    });
    return answer;
  }

  private launch(run: SparkRun): void {
    this.runs.set(run.id, run);
    this.save(run);
    const folder = path.join(this.folder, run.id);
    const execution = new SparkExecution(run, folder, this.services, () => this.save(run));
    const done = execution.execute().finally(() => this.active.delete(run.id));
    this.active.set(run.id, { execution, done });
  }

  private list(applicationId: string, query: URLSearchParams): BufferedResponse {
    const states = query.getAll("states");
    const found = [...this.runs.values()]
      .filter((run) => run.applicationId === applicationId)
      .filter((run) => states.length === 0 || states.includes(run.state))
      .sort((left, right) => right.createdAt - left.createdAt);
    const summaries = found.map((run) => ({
      ...{ applicationId, id: run.id, arn: run.arn, type: "SPARK", ...shown(run) },
      ...{ name: run.request.name, executionRole: run.request.executionRoleArn },
    }));
    return jsonResponse(200, { jobRuns: summaries }, "application/json");
  }

  /** Keeps the run, whole or not at all. */
  private save(run: SparkRun): void {
    const folder = path.join(this.folder, run.id);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "run.json.new"), JSON.stringify(run, undefined, 2));
    fs.renameSync(path.join(folder, "run.json.new"), path.join(folder, "run.json"));
  }
}
