/** Prefix of the activities that stand for integrations the emulator cannot run. */
const activityPrefix = "gateway_";
const integrationPrefix = "arn:aws:states:::";
/** Integrations of SageMaker, optimized (`sagemaker:createTrainingJob.sync`) and generic (`aws-sdk:sagemaker:…`). */
const translated = /^(aws-sdk:sagemaker:[A-Za-z]+|sagemaker:[A-Za-z]+(\.sync)?)$/;
/** Key under which a translated definition carries the text it was made from. */
const originalKey = "GatewayOriginalDefinition";

type Json = Record<string, unknown>;

/** What an activity task of a translated state carries. */
export interface ActivityInput {
  /** The state's own parameters, evaluated. */
  Request: unknown;
  /** ARN of the execution that waits. */
  Execution: string;
  /** The state's time limit in seconds. */
  TimeoutSeconds?: number;
}

/** A definition as the emulator gets it. */
export interface Translation {
  definition: string;
  /** Names of the activities that it needs. */
  activities: string[];
}

/** Where activities of one account and region live. */
export interface ActivityPlace {
  region: string;
  accountId: string;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Name of the activity for `sagemaker:createTrainingJob.sync`. */
export const activityName = (integration: string): string =>
  activityPrefix + integration.replaceAll(":", "_");

/** `sagemaker:createTrainingJob.sync` for the name of its activity. */
export function integrationOf(name: string): string | undefined {
  return name.startsWith(activityPrefix) ? name.slice(activityPrefix.length).replaceAll("_", ":") : undefined;
}

export function activityArn(name: string, place: ActivityPlace): string {
  return `arn:aws:states:${place.region}:${place.accountId}:activity:${name}`;
}

function integrationIn(resource: unknown): string | undefined {
  if (typeof resource !== "string" || !resource.startsWith(integrationPrefix)) return undefined;
  const integration = resource.slice(integrationPrefix.length);
  return translated.test(integration) ? integration : undefined;
}

/** The state's parameters, and beside them what the worker must know to stop a job whose state has ended. */
function wrappedPaths(state: Json): Json {
  const request = "Parameters" in state ? { Request: state.Parameters } : { "Request.$": "$" };
  const limit =
    "TimeoutSecondsPath" in state
      ? { "TimeoutSeconds.$": state.TimeoutSecondsPath }
      : "TimeoutSeconds" in state
        ? { TimeoutSeconds: state.TimeoutSeconds }
        : {};
  return { ...state, Parameters: { ...request, "Execution.$": "$$.Execution.Id", ...limit } };
}

function wrappedExpressions(state: Json): Json {
  const limit = "TimeoutSeconds" in state ? { TimeoutSeconds: state.TimeoutSeconds } : {};
  const request = "Arguments" in state ? state.Arguments : "{% $states.input %}";
  return {
    ...state,
    Arguments: { Request: request, Execution: "{% $states.context.Execution.Id %}", ...limit },
  };
}

class Translator {
  readonly activities = new Set<string>();

  constructor(private readonly place: ActivityPlace) {}

  machine(machine: Json, language: unknown): Json {
    if (!isObject(machine.States)) return machine;
    const states = Object.entries(machine.States).map(([name, state]) => [
      name,
      isObject(state) ? this.state(state, machine.QueryLanguage ?? language) : state,
    ]);
    return { ...machine, States: Object.fromEntries(states) as Json };
  }

  private state(state: Json, language: unknown): Json {
    const inner: Json = { ...state };
    if (Array.isArray(state.Branches)) {
      inner.Branches = state.Branches.map((branch) =>
        isObject(branch) ? this.machine(branch, language) : branch,
      );
    }
    for (const field of ["Iterator", "ItemProcessor"]) {
      const child = state[field];
      if (isObject(child)) inner[field] = this.machine(child, language);
    }
    const integration = state.Type === "Task" ? integrationIn(state.Resource) : undefined;
    return integration === undefined ? inner : this.task(inner, integration, state.QueryLanguage ?? language);
  }

  private task(state: Json, integration: string, language: unknown): Json {
    const name = activityName(integration);
    this.activities.add(name);
    const wrapped = language === "JSONata" ? wrappedExpressions(state) : wrappedPaths(state);
    return { ...wrapped, Resource: activityArn(name, this.place) };
  }
}

/** The definition with every SageMaker integration as an activity; undefined when it has none or is not JSON. */
export function translate(definition: string, place: ActivityPlace): Translation | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(definition);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  const translator = new Translator(place);
  const machine = translator.machine(parsed, undefined);
  if (translator.activities.size === 0) return undefined;
  return {
    definition: JSON.stringify({ ...machine, [originalKey]: definition }),
    activities: [...translator.activities],
  };
}

/** The definition that a translated one was made from; undefined for one that was never translated. */
export function originalOf(definition: string): string | undefined {
  if (!definition.includes(originalKey)) return undefined;
  const original = (JSON.parse(definition) as Json)[originalKey];
  return typeof original === "string" ? original : undefined;
}

/** The text with the ARNs of activities led back to the integrations that they stand for. */
export function withIntegrations(text: string, place: ActivityPlace): string {
  const pattern = new RegExp(`${activityArn(activityPrefix, place)}[A-Za-z._-]+`, "g");
  return text.replace(pattern, (arn) => {
    const integration = integrationOf(arn.slice(arn.lastIndexOf(":") + 1));
    return integration === undefined ? arn : integrationPrefix + integration;
  });
}
