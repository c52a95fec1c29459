import { checkInputs, filledInputs } from "../../../../../local/provider/aws/framework/check";
import type { ResourceHandler } from "../../../../../local/provider/aws/framework/types";
import { unknownValue } from "../../../../../local/provider/shared/signatures";

const handler: ResourceHandler = {
  type: "aws:sqs/queue:Queue",
  autoname: {
    property: "name",
    maximumLength: 80,
    suffix: (inputs) => (inputs.fifoQueue === true ? ".fifo" : ""),
  },
  required: ["policy"],
  taggable: true,
  check: (inputs) => (inputs.delay === -1 ? [{ property: "delay", reason: "delay is below zero" }] : []),
  create: async () => ({ id: "" }),
  read: async () => ({}),
  delete: async () => undefined,
};

const seed = Buffer.from("seed");
const check = (
  news: Record<string, unknown>,
  olds?: Record<string, unknown>,
  tags = {},
  random: Uint8Array = seed,
) =>
  checkInputs(
    handler,
    { type: handler.type, name: "work", olds, news: { policy: "{}", ...news }, seed: random },
    tags,
  );

describe("checkInputs", () => {
  it("makes a name and remembers that it did", () => {
    const { inputs } = check({});
    expect(inputs.name).toMatch(/^work-[0-9a-f]{7}$/);
    expect(filledInputs(inputs)).toEqual(["name"]);
    expect(check({ fifoQueue: true }).inputs.name).toMatch(/^work-[0-9a-f]{7}\.fifo$/);
  });

  it("keeps a name that was made, whatever the seed of the next run", () => {
    const first = check({}).inputs;
    expect(check({}, first, {}, Buffer.from("other")).inputs).toEqual(first);
  });

  it("makes a fresh name for the replacement, which has no past", () => {
    expect(check({}, undefined, {}, Buffer.from("other")).inputs.name).not.toBe(check({}).inputs.name);
  });

  it("takes the program's own name, and makes one again when that is given up", () => {
    const own = check({ name: "mine" }).inputs;
    expect(own.name).toBe("mine");
    expect(filledInputs(own)).toEqual([]);
    expect(check({}, own).inputs.name).toMatch(/^work-/);
  });

  it("starts a name with the prefix where one is given", () => {
    expect(check({ namePrefix: "jobs-" }).inputs.name).toMatch(/^jobs-[0-9a-f]{7}$/);
  });

  it("merges default tags under the resource's own", () => {
    const defaults = { owner: "platform", stage: "test" };
    expect(check({ tags: { stage: "own" } }, undefined, defaults).inputs.tags).toEqual({
      owner: "platform",
      stage: "own",
    });
    expect(check({}).inputs).not.toHaveProperty("tags");
    expect(check({ tags: unknownValue }, undefined, defaults).inputs.tags).toBe(unknownValue);
  });

  it("finds what is missing and what is wrong at once", () => {
    expect(check({ policy: undefined, delay: -1 }).failures).toEqual([
      { property: "policy", reason: 'aws:sqs/queue:Queue "work" needs policy; it was not given' },
      { property: "delay", reason: "delay is below zero" },
    ]);
    expect(check({ policy: unknownValue }).failures).toEqual([]);
  });
});
