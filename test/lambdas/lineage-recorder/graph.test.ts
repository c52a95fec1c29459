import * as fc from "fast-check";

import { LineageEventType } from "../../../components/contracts/lineage-event";
import {
  askedNodeId,
  datasetNodeId,
  Direction,
  GraphEdge,
  GraphNode,
  GraphStore,
  recordEvent,
  runNodeId,
  walk,
} from "../../../lambdas/lineage-recorder/graph";
import { runIdOf } from "../../../lambdas/shared/lineage";
import { run } from "./events";

/** Keeps of an edge what happened first, as the table does. */
class MemoryStore implements GraphStore {
  readonly nodes = new Map<string, GraphNode>();
  readonly edges = new Map<string, GraphEdge>();

  async putNode(node: GraphNode): Promise<void> {
    this.nodes.set(node.id, node);
  }
  async putEdge(edge: GraphEdge): Promise<void> {
    const key = `${edge.from} ${edge.to}`;
    const before = this.edges.get(key);
    if (before === undefined || before.time > edge.time) this.edges.set(key, edge);
  }
  async getNode(id: string): Promise<GraphNode | undefined> {
    return this.nodes.get(id);
  }
  async edgesOf(id: string, direction: Direction, limit: number): Promise<GraphEdge[]> {
    const end = direction === Direction.Upstream ? "to" : "from";
    return [...this.edges.values()].filter((edge) => edge[end] === id).slice(0, limit);
  }
}

const ask = async (
  store: GraphStore,
  start: string,
  direction = Direction.Upstream,
  depth = 20,
  limit = 1000,
) => {
  const graph = await walk(store, { start, direction, depth, limit });
  return { ...graph, ids: graph.nodes.map(({ id }) => id).sort() };
};
const day = (n: number): string => `2026-01-${String(n).padStart(2, "0")}T00:00:00Z`;

describe("the graph", () => {
  test("leads from a result to the files below the folder that was read, and not to those that came later", async () => {
    const store = new MemoryStore();
    const events = [
      run("first", day(1), ["s3://raw/flights/1.csv"], ["s3://curated/flights/2026/1.parquet"]),
      run("training", day(2), ["s3://curated/flights/"], ["s3://models/m.tar.gz"], LineageEventType.Start),
      run("second", day(3), ["s3://raw/flights/2.csv"], ["s3://curated/flights/2026/2.parquet"]),
      run("training", day(4), ["s3://curated/flights/"], ["s3://models/m.tar.gz"]),
      run("first", day(5), ["s3://raw/flights/1.csv"], ["s3://curated/flights/2026/1.parquet"]),
    ];
    for (const event of events) await recordEvent(store, event);
    const up = await ask(store, askedNodeId("s3://models/m.tar.gz"));
    expect(up.ids).toContain("s3://raw/flights/1.csv");
    expect(up.ids).not.toContain("s3://raw/flights/2.csv");
    const down = await ask(store, askedNodeId("s3://raw/flights/1.csv"), Direction.Downstream);
    expect(down.ids).toContain("s3://models/m.tar.gz");
    const later = await ask(store, askedNodeId("s3://raw/flights/2.csv"), Direction.Downstream);
    expect(later.ids).not.toContain("s3://models/m.tar.gz");
  });

  test("finds the inputs of a run whose START named only its outputs", async () => {
    const store = new MemoryStore();
    await recordEvent(store, run("job", day(1), [], ["s3://b/out.parquet"], LineageEventType.Start));
    await recordEvent(store, run("job", day(2), ["s3://a/in.csv"], ["s3://b/out.parquet"]));
    expect((await ask(store, "s3://b/out.parquet")).ids).toContain("s3://a/in.csv");
  });

  test("stops at the depth and at the limit that were asked for, and says when there was more", async () => {
    const store = new MemoryStore();
    for (let i = 0; i < 10; i++)
      await recordEvent(store, run(`r${i}`, day(1), [`s3://b/${i}`], [`s3://b/${i + 1}`]));
    expect((await ask(store, "s3://b/10", Direction.Upstream, 2)).ids).toEqual(
      [runNodeId(runIdOf("r9")), "s3://b/10", "s3://b/9"].sort(),
    );
    const few = await ask(store, "s3://b/10", Direction.Upstream, 100, 5);
    expect(few.nodes).toHaveLength(5);
    expect(few.truncated).toBe(true);
    expect((await ask(store, "s3://b/10", Direction.Upstream, 100)).truncated).toBe(false);
  });

  test("answers a question for something that nobody knows with nothing", async () => {
    expect(await ask(new MemoryStore(), "s3://b/none")).toMatchObject({
      nodes: [],
      edges: [],
      truncated: false,
    });
  });

  test("is the same after any repetition of events in any order, and both directions agree", async () => {
    const uri = fc.integer({ min: 0, max: 6 }).map((n) => `s3://b/folder/${n}.parquet`);
    const event = fc.record({
      name: fc.constantFrom("a", "b", "c", "d"),
      time: fc.integer({ min: 1, max: 28 }).map(day),
      inputs: fc.uniqueArray(uri, { maxLength: 2 }),
      outputs: fc.uniqueArray(uri, { maxLength: 2 }),
    });
    const events = fc.array(event, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        events.chain((of) =>
          fc.tuple(fc.constant(of), fc.shuffledSubarray([...of, ...of], { minLength: of.length * 2 })),
        ),
        async ([of, repeated]) => {
          const [once, again] = [new MemoryStore(), new MemoryStore()];
          for (const each of of)
            await recordEvent(once, run(each.name, each.time, each.inputs, each.outputs));
          for (const each of repeated)
            await recordEvent(again, run(each.name, each.time, each.inputs, each.outputs));
          const sorted = (store: MemoryStore) => [...store.edges.entries()].sort();
          expect(sorted(again)).toEqual(sorted(once));
          for (const id of once.nodes.keys()) {
            const graph = await ask(once, id);
            // Every answer is a part of the graph, and all of its edges join nodes of the answer.
            for (const edge of graph.edges) {
              expect(once.edges.get(`${edge.from} ${edge.to}`)).toEqual(edge);
              expect(graph.ids).toEqual(expect.arrayContaining([edge.from, edge.to]));
            }
          }
        },
      ),
    );
  });
});

test.each([
  [{ namespace: "s3://b", name: "flights/" }, "s3://b/flights"],
  [{ namespace: "s3://b", name: "flights" }, "s3://b/flights"],
  [{ namespace: "s3://b", name: "" }, "s3://b"],
  [
    { namespace: "s3://b", name: "manifests/flights/1f.sagemaker.manifest" },
    "s3://b/manifests/flights/1f.json",
  ],
  [{ namespace: "sagemaker", name: "arn:aws:x/y" }, "sagemaker/arn:aws:x/y"],
])("%j is one id, however it is written", (dataset, id) => {
  expect(datasetNodeId(dataset)).toBe(id);
  expect(askedNodeId(`${dataset.namespace}/${dataset.name}`)).toBe(id);
});
