import {
  CreateActivityCommand,
  DescribeStateMachineCommand,
  paginateListStateMachines,
  SFNClient,
} from "@aws-sdk/client-sfn";

import type { BufferedResponse } from "../errors";
import { Forward, Interceptor, parseJson, withJson } from "../interceptor";
import type { Call } from "../routing";
import { ActivityPlace, originalOf, translate, withIntegrations } from "./translate";

const writes: ReadonlySet<string> = new Set(["CreateStateMachine", "UpdateStateMachine"]);
const reads: ReadonlySet<string> = new Set(["DescribeStateMachine", "DescribeStateMachineForExecution"]);
const deletes = "DeleteStateMachine";
const history = "GetExecutionHistory";

/**
 * Lets Step Functions definitions with SageMaker integrations run on an emulator that has none: the emulator gets the
 * integrations as activities, callers keep seeing the definition that they wrote.
 */
export class StateMachines implements Interceptor {
  /** ARNs of the state machines whose executions need the worker. */
  readonly translated = new Set<string>();
  private readonly activities = new Set<string>();

  constructor(
    private readonly states: SFNClient,
    private readonly place: ActivityPlace,
  ) {}

  handles(call: Call): boolean {
    if (call.service !== "states") return false;
    const { operation } = call;
    return writes.has(operation) || reads.has(operation) || operation === deletes || operation === history;
  }

  async handle(call: Call, body: Buffer, forward: Forward): Promise<BufferedResponse> {
    if (writes.has(call.operation)) return await this.write(parseJson(body), forward);
    const answer = await forward();
    if (answer.status !== 200) return answer;
    if (call.operation === deletes) this.translated.delete(String(parseJson(body).stateMachineArn));
    if (reads.has(call.operation)) return this.read(answer);
    if (call.operation === history) {
      return { ...answer, body: Buffer.from(withIntegrations(answer.body.toString("utf8"), this.place)) };
    }
    return answer;
  }

  /** Finds the translated state machines that an earlier gateway made. */
  async recover(): Promise<void> {
    for await (const page of paginateListStateMachines({ client: this.states }, {})) {
      for (const { stateMachineArn } of page.stateMachines ?? []) {
        const machine = await this.states.send(new DescribeStateMachineCommand({ stateMachineArn }));
        const original = originalOf(machine.definition ?? "");
        if (original === undefined || !stateMachineArn) continue;
        this.translated.add(stateMachineArn);
        await this.createActivities(translate(original, this.place)?.activities ?? []);
      }
    }
  }

  private async write(request: Record<string, unknown>, forward: Forward): Promise<BufferedResponse> {
    const translation =
      typeof request.definition === "string" ? translate(request.definition, this.place) : undefined;
    if (translation) await this.createActivities(translation.activities);
    const changed = translation ? { ...request, definition: translation.definition } : request;
    const answer = await forward(Buffer.from(JSON.stringify(changed)));
    if (answer.status !== 200) return answer;
    const arn = String(request.stateMachineArn ?? parseJson(answer.body).stateMachineArn);
    // A machine whose last integration is gone stays watched: an execution of its earlier definition may still run.
    if (translation) this.translated.add(arn);
    return answer;
  }

  private read(answer: BufferedResponse): BufferedResponse {
    const described = parseJson(answer.body);
    const original = typeof described.definition === "string" ? originalOf(described.definition) : undefined;
    return original === undefined ? answer : withJson(answer, { ...described, definition: original });
  }

  private async createActivities(names: string[]): Promise<void> {
    for (const name of names.filter((candidate) => !this.activities.has(candidate))) {
      await this.states.send(new CreateActivityCommand({ name })).catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== "ActivityAlreadyExists") throw error;
      });
      this.activities.add(name);
    }
  }
}
