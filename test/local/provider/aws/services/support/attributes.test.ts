import {
  type AttributeTable,
  changedAttributes,
  fromAttributes,
  toAttributes,
} from "../../../../../../local/provider/aws/services/support/attributes";

const table: AttributeTable = {
  delaySeconds: { name: "DelaySeconds", kind: "number", cleared: "0" },
  fifoQueue: { name: "FifoQueue", kind: "boolean", fixed: true },
  kmsMasterKeyId: { name: "KmsMasterKeyId" },
  policy: { name: "Policy", onlyGiven: true },
};

it("writes the given settings as text and leaves others to AWS", () => {
  expect(toAttributes({ delaySeconds: 0, fifoQueue: true, name: "queue", policy: undefined }, table)).toEqual(
    {
      DelaySeconds: "0",
      FifoQueue: "true",
    },
  );
});

it.each([
  ["a changed value", { delaySeconds: 5 }, { delaySeconds: 7 }, { DelaySeconds: "7" }],
  ["the same value", { delaySeconds: 5 }, { delaySeconds: 5 }, {}],
  [
    "a value taken back",
    { delaySeconds: 5, kmsMasterKeyId: "k" },
    {},
    { DelaySeconds: "0", KmsMasterKeyId: "" },
  ],
  ["a new value", {}, { kmsMasterKeyId: "k" }, { KmsMasterKeyId: "k" }],
  ["a value that is fixed for life", { fifoQueue: true }, { fifoQueue: false }, {}],
])("sets only what changed: %s", (_what, olds, news, changes) => {
  expect(changedAttributes(olds, news, table)).toEqual(changes);
});

it("reads values in their kind, and an empty one as not set", () => {
  const attributes = { DelaySeconds: "5", FifoQueue: "false", KmsMasterKeyId: "" };
  expect(fromAttributes(attributes, table, {})).toStrictEqual({
    delaySeconds: 5,
    fifoQueue: false,
    kmsMasterKeyId: undefined,
  });
});

it("sees a policy only where it was given with the queue, for it may be a resource of its own", () => {
  const attributes = { Policy: "{}" };
  expect(fromAttributes(attributes, table, {})).not.toHaveProperty("policy");
  expect(fromAttributes(attributes, table, { policy: "{}" })).toHaveProperty("policy", "{}");
  expect(fromAttributes({}, table, { policy: "{}" })).toHaveProperty("policy", undefined);
});
