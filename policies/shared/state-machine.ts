import { entriesAt, listAt, parsed, textAt, textsAt, valueAt } from "./read";

/** A state of a Step Functions definition, with its place among the nested flows. */
export interface State {
  /** Unique within the machine: names of the enclosing states and its own, joined with `/`. */
  path: string;
  type: string;
  body: unknown;
  /** Whether an error that the state does not catch is caught by a state around it. */
  caughtAround: boolean;
  /** Paths of the states that may run next. */
  next: string[];
}

/** A flow is a whole machine, a branch of a Parallel or the processor of a Map. */
interface Place {
  prefix: string;
  /** Where the flow goes when it ends: what follows the enclosing state. */
  after: string[];
  caughtAround: boolean;
}

/** The flows inside a state. */
function innerFlows(state: unknown): unknown[] {
  const processor = valueAt(state, "ItemProcessor") ?? valueAt(state, "Iterator");
  return [...listAt(state, "Branches"), ...(processor === undefined ? [] : [processor])];
}

/** Names of the states that one state names as its successors. */
function namedSuccessors(state: unknown): string[] {
  const nested = [...listAt(state, "Choices"), ...listAt(state, "Catch")];
  return [
    ...textsAt(state, "Next"),
    ...textsAt(state, "Default"),
    ...nested.flatMap((item) => textsAt(item, "Next")),
  ];
}

function statesOfFlow(flow: unknown, place: Place): State[] {
  return entriesAt(flow, "States").flatMap(([name, body]) => {
    const path = `${place.prefix}${name}`;
    const named = namedSuccessors(body).map((successor) => `${place.prefix}${successor}`);
    const after = valueAt(body, "End") === true ? [...named, ...place.after] : named;
    const caughtAround = place.caughtAround || listAt(body, "Catch").length > 0;
    const inner = innerFlows(body).map((innerFlow, index) => ({ innerFlow, prefix: `${path}/${index}/` }));
    const starts = inner.flatMap(({ innerFlow, prefix }) =>
      textsAt(innerFlow, "StartAt").map((start) => `${prefix}${start}`),
    );
    const state: State = {
      path,
      type: textAt(body, "Type") ?? "",
      body,
      caughtAround: place.caughtAround,
      next: [...starts, ...after],
    };
    return [
      state,
      ...inner.flatMap(({ innerFlow, prefix }) => statesOfFlow(innerFlow, { prefix, after, caughtAround })),
    ];
  });
}

/** The definition of a state machine; undefined when it is no JSON object. */
export function definitionOf(props: unknown): object | undefined {
  const definition = parsed(valueAt(props, "definition"));
  return typeof definition === "object" && definition !== null ? definition : undefined;
}

/** Every state of a definition, those of nested flows too. */
export function statesOf(definition: unknown): State[] {
  return statesOfFlow(definition, { prefix: "", after: [], caughtAround: false });
}

/** The SageMaker action that a Task calls, for example `createTrainingJob`; undefined for other Tasks. */
export function sagemakerAction({ type, body }: State): string | undefined {
  if (type !== "Task") return undefined;
  return /:states:[^:]*:[^:]*:(?:aws-sdk:)?sagemaker:(\w+)/.exec(textAt(body, "Resource") ?? "")?.[1];
}

/** The arguments of a Task, in either query language. */
export function argumentsOf({ body }: State): unknown {
  return valueAt(body, "Parameters") ?? valueAt(body, "Arguments");
}

/** Paths that can be reached from a state without passing through the states of `barriers`. */
export function reachableFrom(
  start: string,
  states: State[],
  barriers: ReadonlySet<string> = new Set(),
): Set<string> {
  const byPath = new Map(states.map((state) => [state.path, state]));
  const reached = new Set<string>();
  const waiting = [...(byPath.get(start)?.next ?? [])];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path) || barriers.has(path)) continue;
    reached.add(path);
    waiting.push(...(byPath.get(path)?.next ?? []));
  }
  return reached;
}
