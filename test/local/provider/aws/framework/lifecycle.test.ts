import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Lifecycle } from "../../../../../local/provider/aws/framework/lifecycle";
import type { Properties, ResourceHandler } from "../../../../../local/provider/aws/framework/types";
import { Journal, readJournal } from "../../../../../local/provider/shared/journal";

const call = { connection: "", urn: "urn:x", type: "aws:a/b:B", name: "raw" };
const context = {
  urn: call.urn,
  region: "us-east-1",
  client: () => {
    throw new Error("no client is needed here");
  },
  accountId: async () => "123456789012",
};

/** AWS with one kind of resource, in memory. */
class Aws {
  readonly things = new Map<string, Properties>();

  handler(overrides: Partial<ResourceHandler> = {}): ResourceHandler {
    return {
      type: call.type,
      taggable: true,
      computed: ["arn"],
      create: async (inputs, { created }) => {
        this.things.set("id-1", { ...inputs, arn: "arn:1" });
        created("id-1");
        return { id: "id-1" };
      },
      read: async (id) => this.things.get(id),
      update: async (id, _olds, news) => void this.things.set(id, { ...news, arn: "arn:1" }),
      delete: async (id) => void this.things.delete(id),
      ...overrides,
    };
  }
}

let file: string;
let aws: Aws;
beforeEach(() => {
  file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lifecycle-")), "journal");
  aws = new Aws();
});
afterEach(() => fs.rmSync(path.dirname(file), { recursive: true }));

const lifecycle = (handler: ResourceHandler) => new Lifecycle(handler, call, context, new Journal(file));
const events = () => readJournal(file).map(({ event, id }) => `${event} ${id}`);
const serviceError = (name: string, message: string) =>
  Object.assign(new Error(message), { name, $metadata: {} });

describe("Lifecycle.create", () => {
  it("answers what AWS answers, with region and tagsAll, and writes the journal", async () => {
    const made = await lifecycle(aws.handler()).create({ size: 1, tags: { a: "b" }, __defaults: [] });
    expect(made).toEqual({
      id: "id-1",
      outputs: { size: 1, arn: "arn:1", region: "us-east-1", tags: { a: "b" }, tagsAll: { a: "b" } },
    });
    expect(events()).toEqual(["created id-1"]);
  });

  it("keeps the given words where AWS answers the same in others, and AWS's where they differ", async () => {
    const handler = aws.handler({ read: async () => ({ policy: '{"a":1}', size: 2, kind: undefined }) });
    const { outputs } = await lifecycle(handler).create({
      policy: '{ "a": 1 }',
      size: 1,
      kind: "given",
      left: "out",
    });
    expect(outputs).toMatchObject({ policy: '{ "a": 1 }', size: 2, kind: undefined, left: "out" });
  });

  it("removes what was made when a later call fails", async () => {
    const handler = aws.handler({
      create: async (_inputs, { created }) => {
        aws.things.set("id-1", {});
        created("id-1");
        throw serviceError("AccessDenied", "not allowed");
      },
    });
    await expect(lifecycle(handler).create({})).rejects.toThrow("aws:a/b:B raw: AccessDenied – not allowed");
    expect(aws.things.size).toBe(0);
    expect(events()).toEqual(["created id-1", "deleted id-1"]);
  });

  it("hands the id to the engine when what was made cannot be removed either", async () => {
    const handler = aws.handler({
      create: async (_inputs, { created }) => {
        created("id-1");
        throw serviceError("AccessDenied", "not allowed");
      },
      delete: async () => {
        throw serviceError("Conflict", "in use");
      },
    });
    await expect(lifecycle(handler).create({ size: 1 })).rejects.toMatchObject({
      name: "HalfCreatedError",
      id: "id-1",
      outputs: { size: 1 },
      message:
        "aws:a/b:B raw: AccessDenied – not allowed; it could not be removed again: aws:a/b:B raw: Conflict – in use",
    });
    expect(events()).toEqual(["created id-1"]);
  });

  it("removes nothing when nothing was made", async () => {
    const remove = jest.fn();
    const handler = aws.handler({
      create: async () => {
        throw serviceError("BucketAlreadyExists", "taken");
      },
      delete: remove,
    });
    await expect(lifecycle(handler).create({})).rejects.toThrow("aws:a/b:B raw: BucketAlreadyExists – taken");
    expect(remove).not.toHaveBeenCalled();
    expect(events()).toEqual([]);
  });
});

describe("Lifecycle.read", () => {
  const inputs = { size: 1, tags: { a: "b" } };
  const made = async () => (await lifecycle(aws.handler()).create(inputs)).outputs;
  const read = async (handler = aws.handler()) => lifecycle(handler).read("id-1", inputs, await made());

  it("finds nothing new right after a create", async () => {
    const outputs = await made();
    expect(await lifecycle(aws.handler()).read("id-1", inputs, outputs)).toEqual({
      id: "id-1",
      inputs,
      outputs,
    });
  });

  it("puts what was changed behind Pulumi's back into the inputs, so that the next update sees it", async () => {
    const outputs = await made();
    aws.things.set("id-1", { size: 9, tags: { a: "x" }, arn: "arn:2", extra: true });
    const found = await lifecycle(aws.handler()).read("id-1", inputs, outputs);
    expect(found?.inputs).toEqual({ size: 9, tags: { a: "x" }, extra: true });
    expect(found?.outputs).toMatchObject({ arn: "arn:2", tagsAll: { a: "x" } });
  });

  it("drops an input that is not set any more, and keeps one that AWS does not answer", async () => {
    const gone = await read(aws.handler({ read: async () => ({ size: undefined }) }));
    expect(gone?.inputs).toEqual({ tags: { a: "b" } });
  });

  it("says that a resource is gone, and writes it down", async () => {
    expect(await read(aws.handler({ read: async () => undefined }))).toBeUndefined();
    const missing = aws.handler({
      read: async () => {
        throw serviceError("NoSuchEntity", "gone");
      },
    });
    expect(await read(missing)).toBeUndefined();
    expect(events()).toContain("deleted id-1");
  });

  it("takes everything that it sees for inputs where it knows nothing, as after a kill", async () => {
    await made();
    const found = await lifecycle(aws.handler()).read("id-1", {}, {});
    expect(found?.inputs).toEqual(inputs);
  });
});

describe("Lifecycle.delete", () => {
  it("takes a resource that is gone already for deleted", async () => {
    const handler = aws.handler({
      delete: async () => {
        throw serviceError("ResourceNotFoundException", "gone");
      },
    });
    await lifecycle(handler).delete("id-1", {});
    expect(events()).toEqual(["deleted id-1"]);
  });

  it("says why AWS keeps it", async () => {
    const handler = aws.handler({
      delete: async () => {
        throw serviceError("BucketNotEmpty", "it holds objects");
      },
    });
    await expect(lifecycle(handler).delete("id-1", {})).rejects.toThrow(
      "aws:a/b:B raw: BucketNotEmpty – it holds objects",
    );
    expect(events()).toEqual([]);
  });
});

describe("Lifecycle.update", () => {
  it("answers what AWS answers afterwards and keeps what AWS shows only once", async () => {
    const handler = aws.handler({ secretOutputs: ["token"] });
    const { outputs } = await lifecycle(handler).create({ size: 1 });
    const updated = await lifecycle(handler).update("id-1", { ...outputs, token: "once" }, { size: 2 });
    expect(updated).toMatchObject({ size: 2, arn: "arn:1", token: "once" });
  });

  it("leaves what an update may change unknown in a preview, and the rest as it is", () => {
    const handler = aws.handler({ changedByUpdate: ["version"] });
    const foreseen = lifecycle(handler).previewUpdate({ arn: "arn:1", size: 1, version: 1 }, { size: 2 });
    expect(foreseen).toMatchObject({
      arn: "arn:1",
      size: 2,
      version: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});
