import {
  GetActivityTaskCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";

import { log, reasonOf } from "../log";
import { readActivities, runningExecutions } from "./executions";
import { SageMakerIntegrations, TaskFailure } from "./integrations";
import type { HeldTask, TaskStore } from "./task-store";
import { ActivityInput, integrationOf } from "./translate";

/** Step Functions cuts longer causes. */
const longestCause = 32_768;
/** Node's timers hold no longer time. */
const longestTimerMilliseconds = 2 ** 31 - 1;

/** What the worker needs from outside. */
export interface WorkerServices {
  states: SFNClient;
  integrations: SageMakerIntegrations;
  tasks: TaskStore;
  /** ARNs of the state machines to watch. */
  machines: Iterable<string>;
}

/**
 * Works on the activities that stand for SageMaker integrations.
 *
 * A task is asked for only when an execution's history shows that one is waiting: the emulator goes on serving a long
 * poll whose caller is gone, and a task that it hands to such a poll is lost.
 */
export class TaskWorker {
  private timer?: NodeJS.Timeout;
  private closed = false;
  private running: Promise<void> = Promise.resolve();
  private readonly held = new Map<string, { task: HeldTask; abort: AbortController; done: Promise<void> }>();
  /** Activities with a poll under way. */
  private readonly polling = new Set<string>();
  /** Tasks taken so far, by execution and activity. */
  private readonly taken = new Map<string, Map<string, number>>();

  constructor(
    private readonly services: WorkerServices,
    private readonly intervalMilliseconds: number,
  ) {}

  /** Takes up the tasks that an earlier gateway held, and starts to look for new ones. */
  start(): void {
    for (const task of this.services.tasks.all()) this.hold(task, true);
    this.schedule();
  }

  /** Stops without answering what is held: the next gateway does. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.running = this.tick()
        .catch((error: unknown) => log("tasks", `looking for tasks failed: ${reasonOf(error)}`))
        .finally(() => {
          if (!this.closed) this.schedule();
        });
    }, this.intervalMilliseconds);
  }

  private async tick(): Promise<void> {
    const executions = await runningExecutions(this.services.states, this.services.machines);
    // Counted before the histories are read, so that a task which ends in between is not taken for a waiting one.
    const held = this.countHeld();
    const waiting = new Map<string, number>();
    for (const execution of executions) {
      for (const [activity, count] of await readActivities(this.services.states, execution)) {
        const taken = this.takenBefore(
          execution,
          activity,
          count.finished + (held.get(`${execution} ${activity}`) ?? 0),
        );
        waiting.set(activity, (waiting.get(activity) ?? 0) + Math.max(0, count.scheduled - taken));
      }
    }
    for (const [activity, count] of waiting) if (count > 0) this.take(activity, count);
    this.dropEnded(new Set(executions));
  }

  /** How many tasks of an activity were taken for an execution; what was taken before the first look counts too. */
  private takenBefore(execution: string, activity: string, earlier: number): number {
    const counts = this.taken.get(execution) ?? new Map<string, number>();
    this.taken.set(execution, counts);
    const known = counts.get(activity);
    if (known !== undefined) return known;
    counts.set(activity, earlier);
    return earlier;
  }

  private countHeld(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { task } of this.held.values()) {
      const key = `${task.input.Execution} ${task.activityArn}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  private countTaken(execution: string, activity: string): void {
    const counts = this.taken.get(execution) ?? new Map<string, number>();
    this.taken.set(execution, counts.set(activity, (counts.get(activity) ?? 0) + 1));
  }

  private dropEnded(running: Set<string>): void {
    for (const execution of this.taken.keys()) if (!running.has(execution)) this.taken.delete(execution);
    for (const { task, abort } of this.held.values()) {
      if (!running.has(task.input.Execution) && !abort.signal.aborted) {
        log("tasks", `${task.integration}: its execution has ended`);
        abort.abort();
      }
    }
  }

  private take(activityArn: string, count: number): void {
    if (this.polling.has(activityArn)) return;
    this.polling.add(activityArn);
    const poll = async (): Promise<void> => {
      for (let left = count; left > 0 && !this.closed; left -= 1) await this.takeOne(activityArn);
    };
    poll()
      .catch((error: unknown) => log("tasks", `${activityArn}: ${reasonOf(error)}`))
      .finally(() => this.polling.delete(activityArn));
  }

  private async takeOne(activityArn: string): Promise<void> {
    const answer = await this.services.states.send(
      new GetActivityTaskCommand({ activityArn, workerName: "gateway" }),
    );
    const integration = integrationOf(activityArn.slice(activityArn.lastIndexOf(":") + 1));
    if (!answer.taskToken || integration === undefined) return;
    const input = JSON.parse(answer.input ?? "{}") as ActivityInput;
    const task = { token: answer.taskToken, activityArn, integration, input, takenAt: Date.now() };
    this.services.tasks.save(task);
    this.countTaken(input.Execution, activityArn);
    this.hold(task, false);
  }

  private hold(task: HeldTask, resumed: boolean): void {
    const abort = new AbortController();
    const done = this.work(task, abort, resumed).finally(() => this.held.delete(task.token));
    this.held.set(task.token, { task, abort, done });
  }

  private async work(task: HeldTask, abort: AbortController, resumed: boolean): Promise<void> {
    let timedOut = false;
    const limit = task.input.TimeoutSeconds;
    const expire = (): void => {
      timedOut = true;
      abort.abort();
    };
    const left = limit === undefined ? undefined : Math.max(0, task.takenAt + limit * 1000 - Date.now());
    const timer =
      left === undefined ? undefined : setTimeout(expire, Math.min(left, longestTimerMilliseconds));
    try {
      const output = await this.services.integrations.run(
        task.integration,
        task.input.Request,
        abort.signal,
        resumed,
      );
      await this.answer(
        task,
        new SendTaskSuccessCommand({ taskToken: task.token, output: JSON.stringify(output) }),
      );
    } catch (error) {
      if (this.closed) return;
      const failure =
        error instanceof TaskFailure ? error : new TaskFailure("States.TaskFailed", reasonOf(error));
      const name = timedOut ? "States.Timeout" : failure.error;
      const cause = (timedOut ? `The task ran longer than ${limit} seconds.` : failure.cause).slice(
        0,
        longestCause,
      );
      log("tasks", `${task.integration}: ${name}: ${cause.slice(0, 200)}`);
      await this.answer(task, new SendTaskFailureCommand({ taskToken: task.token, error: name, cause }));
    } finally {
      clearTimeout(timer);
    }
  }

  private async answer(
    task: HeldTask,
    command: SendTaskSuccessCommand | SendTaskFailureCommand,
  ): Promise<void> {
    if (this.closed) return;
    try {
      await this.services.states.send(command as SendTaskSuccessCommand);
    } catch (error) {
      // A token that is gone belongs to an execution that has ended meanwhile.
      log("tasks", `${task.integration} could not be answered: ${reasonOf(error)}`);
    }
    this.services.tasks.remove(task.token);
  }
}
