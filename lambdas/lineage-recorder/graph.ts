import { LineageDataset, LineageEvent, LineageEventType } from "../../components/contracts/lineage-event";

/** A data set or a run in the graph. */
export interface GraphNode {
  /** `s3://bucket/key` or `<namespace>/<name>` of a data set, `run:<id>` of a run. */
  id: string;
  kind: "dataset" | "run";
  /** Job of a run as `<namespace>/<name>`. */
  job?: string;
  /** How far a run came. */
  state?: LineageEventType;
  /** Time of the latest event that named the node, ISO 8601 in UTC. */
  time: string;
}

/** Data that flowed from one node to another. */
export interface GraphEdge {
  from: string;
  to: string;
  /** When the data first flowed, ISO 8601 in UTC: a run that is repeated reads and writes what it did before. */
  time: string;
}

/** Which way a question goes: where data came from, or where it went. */
export enum Direction {
  Upstream = "upstream",
  Downstream = "downstream",
}

/** A part of the graph as the answer to a question. */
export interface LineageGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Whether more was found than an answer holds. */
  truncated: boolean;
}

/** Where the graph is kept. */
export interface GraphStore {
  putNode(node: GraphNode): Promise<void>;
  putEdge(edge: GraphEdge): Promise<void>;
  getNode(id: string): Promise<GraphNode | undefined>;
  /** Edges that end at a node (upstream) or begin there (downstream), at most `limit`. */
  edgesOf(id: string, direction: Direction, limit: number): Promise<GraphEdge[]>;
}

/** Id of a run. */
export const runNodeId = (runId: string): string => `run:${runId}`;

const isRun = (id: string): boolean => id.startsWith("run:");

/** Id of a data set. All ways to write one place are one id: a prefix with and without its slash, a manifest and its twin for SageMaker. */
export function datasetNodeId({ namespace, name }: LineageDataset): string {
  const plain = name.replace(/^\/+|\/+$/g, "").replace(/^(manifests\/.+)\.sagemaker\.manifest$/, "$1.json");
  return plain === "" ? namespace : `${namespace}/${plain}`;
}

/** Id of a data set that someone asks for as `s3://bucket/key` or `<namespace>/<name>`. */
export function askedNodeId(dataset: string): string {
  const match = /^(s3:\/\/[^/]+|[^/]+)\/(.*)$/s.exec(dataset);
  return match === null ? dataset : datasetNodeId({ namespace: match[1]!, name: match[2]! });
}

/** The folders that a written object lies in, outermost first: who reads a prefix reads every object below it. */
function foldersOf({ namespace, name }: LineageDataset): string[] {
  if (!namespace.startsWith("s3://")) return [];
  const parts = name.split("/").filter((part) => part !== "");
  return parts.slice(1).map((_, i) => `${namespace}/${parts.slice(0, i + 1).join("/")}`);
}

/** Nodes and edges that an event tells of. A data set is told of by name only, so its latest event wins. */
export function graphOf(event: LineageEvent): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const time = new Date(event.eventTime).toISOString();
  const run = runNodeId(event.run.runId);
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const dataset = (id: string): string => {
    nodes.set(id, { id, kind: "dataset", time });
    return id;
  };
  const edge = (from: string, to: string): void => void edges.set(`${from} ${to}`, { from, to, time });
  nodes.set(run, {
    id: run,
    kind: "run",
    job: `${event.job.namespace}/${event.job.name}`,
    state: event.eventType,
    time,
  });
  for (const input of event.inputs) edge(dataset(datasetNodeId(input)), run);
  for (const output of event.outputs) {
    const id = dataset(datasetNodeId(output));
    edge(run, id);
    for (const folder of foldersOf(output)) edge(id, dataset(folder));
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Keeps what an event tells; a repeated event changes nothing. */
export async function recordEvent(store: GraphStore, event: LineageEvent): Promise<void> {
  const { nodes, edges } = graphOf(event);
  for (const node of nodes) await store.putNode(node);
  for (const edge of edges) await store.putEdge(edge);
}

/** A question to the graph. */
export interface GraphQuestion {
  /** Id of the node where the walk begins. */
  start: string;
  direction: Direction;
  /** Steps to walk; from a run to its data set is one, from a file to its folder another. */
  depth: number;
  /** Most nodes in the answer. */
  limit: number;
}

/**
 * Walks the graph. Upstream a data set is left only towards those who wrote it before it was read: what entered a folder
 * after a run had read it is not where the run's results came from. Downstream it is left only towards later readers.
 */
export async function walk(store: GraphStore, question: GraphQuestion): Promise<LineageGraph> {
  const { start, direction, depth, limit } = question;
  const upstream = direction === Direction.Upstream;
  // The latest (downstream the earliest) time at which each node was reached: with a wider window it is walked again.
  const reached = new Map([[start, upstream ? "9999" : ""]]);
  const edges = new Map<string, GraphEdge>();
  let frontier = [start];
  let truncated = false;
  for (let step = 0; step < depth && frontier.length > 0; step++) {
    const next = new Set<string>();
    for (const node of frontier) {
      const bound = reached.get(node)!;
      const found = await store.edgesOf(node, direction, limit);
      truncated ||= found.length >= limit;
      for (const edge of found) {
        const late = upstream ? edge.time > bound : edge.time < bound;
        if (late && !isRun(node)) continue;
        const other = upstream ? edge.from : edge.to;
        const before = reached.get(other);
        if (before === undefined && reached.size >= limit) {
          truncated = true;
          continue;
        }
        edges.set(`${edge.from} ${edge.to}`, edge);
        if (before !== undefined && (upstream ? edge.time <= before : edge.time >= before)) continue;
        reached.set(other, edge.time);
        next.add(other);
      }
    }
    frontier = [...next];
  }
  const nodes = await Promise.all([...reached.keys()].map((id) => store.getNode(id)));
  return { nodes: nodes.filter((node) => node !== undefined), edges: [...edges.values()], truncated };
}
