import * as sageMaker from "@aws-sdk/client-sagemaker";

import { reasonOf } from "../log";

/** How a task failed, as Step Functions tells it to Retry and Catch. */
export class TaskFailure extends Error {
  constructor(
    /** Error name, for example `SageMaker.ResourceInUseException`. */
    public readonly error: string,
    public override readonly cause: string,
  ) {
    super(`${error}: ${cause}`);
  }
}

/** The part of `@aws-sdk/client-sagemaker` that is needed: commands by name. */
type CommandConstructor = new (input: unknown) => Parameters<sageMaker.SageMakerClient["send"]>[0];
type Output = Record<string, unknown>;

/** The jobs whose `.sync` integration waits for their end. */
const waitedFor: Record<string, string> = {
  createTrainingJob: "TrainingJob",
  createProcessingJob: "ProcessingJob",
  createTransformJob: "TransformJob",
  createHyperParameterTuningJob: "HyperParameterTuningJob",
  createLabelingJob: "LabelingJob",
};

const pollMilliseconds = 500;

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Times as Step Functions returns them: milliseconds from optimized integrations, ISO 8601 from `aws-sdk` ones. */
function plain(value: unknown, generic: boolean): unknown {
  if (value instanceof Date) return generic ? value.toISOString() : value.getTime();
  if (Array.isArray(value)) return value.map((item) => plain(item, generic));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, item]) => key !== "$metadata" && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, plain(item, generic)]));
}

/** Error name that Step Functions gives an exception of SageMaker's API. */
export function errorName(name: string, generic: boolean): string {
  // Exceptions that the service's model does not name reach Step Functions as the SDK's base exception.
  const modelled = [
    "ResourceInUse",
    "ResourceLimitExceeded",
    "ResourceNotFound",
    "ConflictException",
  ].includes(name);
  if (!modelled) return generic ? "SageMaker.SageMakerException" : "SageMaker.AmazonSageMakerException";
  return `SageMaker.${name.endsWith("Exception") ? name : `${name}Exception`}`;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs the SageMaker integrations of Step Functions. */
export class SageMakerIntegrations {
  constructor(private readonly client: sageMaker.SageMakerClient) {}

  /**
   * Runs one integration to its end and resolves to the task's output.
   *
   * @param integration for example `sagemaker:createTrainingJob.sync`
   * @param resumed whether an earlier gateway may have begun this very task
   * @throws TaskFailure with the error name that Step Functions would give
   */
  async run(integration: string, request: unknown, signal: AbortSignal, resumed = false): Promise<unknown> {
    const generic = integration.startsWith("aws-sdk:");
    const [action = "", suffix] = integration.slice(integration.lastIndexOf(":") + 1).split(".");
    if (suffix === "sync") return await this.runAndWait(action, request as Output, signal, resumed);
    if (resumed) {
      const cause = `The sandbox's gateway ended during ${integration}; whether the call took effect is not known.`;
      throw new TaskFailure("States.TaskFailed", cause);
    }
    return plain(await this.call(capitalized(action), request, generic), generic);
  }

  private async call(operation: string, request: unknown, generic: boolean): Promise<Output> {
    const Command = (sageMaker as unknown as Record<string, CommandConstructor | undefined>)[
      `${operation}Command`
    ];
    if (!Command) throw new TaskFailure("States.Runtime", `SageMaker has no operation ${operation}.`);
    try {
      return { ...(await this.client.send(new Command(request))) };
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      throw new TaskFailure(
        errorName(name, generic),
        `${reasonOf(error)} (Service: SageMaker, Error Code: ${name})`,
      );
    }
  }

  private async runAndWait(
    action: string,
    request: Output,
    signal: AbortSignal,
    resumed: boolean,
  ): Promise<unknown> {
    const noun = waitedFor[action];
    if (noun === undefined)
      throw new TaskFailure("States.Runtime", `Step Functions does not wait for ${action}.`);
    const key = { [`${noun}Name`]: request[`${noun}Name`] };
    const begun =
      resumed &&
      (await this.call(`Describe${noun}`, key, false).then(
        () => true,
        () => false,
      ));
    if (!begun) await this.call(capitalized(action), request, false);
    for (;;) {
      const described = await this.call(`Describe${noun}`, key, false);
      const status = described[`${noun}Status`];
      if (status === "Completed") return plain(described, false);
      if (status === "Failed" || status === "Stopped") {
        throw new TaskFailure("States.TaskFailed", JSON.stringify(plain(described, false)));
      }
      if (signal.aborted) {
        await this.call(`Stop${noun}`, key, false);
        throw new TaskFailure("States.TaskFailed", `The ${noun} was stopped because its state ended.`);
      }
      await pause(pollMilliseconds);
    }
  }
}
