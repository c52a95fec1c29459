import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Activity } from "../../../local/engine/activity";

const stack = "urn:pulumi:local::project::pulumi:pulumi:Stack::project-local";
const bucket = "urn:pulumi:local::project::mlops:index:DataLake$aws:s3/bucket:Bucket::raw";

function step(op: string, urn = bucket, custom = true): never {
  const type = urn.split("::")[2]!.split("$").at(-1);
  return { metadata: { op, urn, type, new: { custom } } } as never;
}

function after(...events: Partial<EngineEvent>[]): Activity {
  const activity = new Activity();
  events.forEach((event, sequence) => activity.add({ sequence, timestamp: 0, ...event }));
  return activity;
}

const failure = (message: string, urn?: string) => ({
  diagnosticEvent: { severity: "error", message, urn } as never,
});

test.each([
  ["create", "created"],
  ["update", "updated"],
  ["create-replacement", "replaced"],
  ["delete", "deleted"],
  ["same", "unchanged"],
])("%s counts as %s", (op, outcome) => {
  const { counts } = after({ resourcePreEvent: step(op) }, { resOutputsEvent: step(op) });
  expect(Object.entries(counts).filter(([, count]) => count > 0)).toEqual([[outcome, 1]]);
});

test("components and the stack are not counted", () => {
  const component = bucket.replace("$aws:s3/bucket:Bucket", "");
  const { counts } = after(
    { resOutputsEvent: step("create", stack) },
    { resOutputsEvent: step("create", component, false) },
  );
  expect(Object.values(counts).every((count) => count === 0)).toBe(true);
});

test("the line names what is running until it has ended", () => {
  const activity = after({ resourcePreEvent: step("create") });
  expect(activity.line()).toContain("now aws:s3/bucket:Bucket raw");
  activity.add({ sequence: 1, timestamp: 0, resOutputsEvent: step("create") });
  expect(activity.line()).toMatch(/^1 created · /);
});

test("what only follows from another error is left out, unless it is all there is", () => {
  const cause = failure("<{%reset%}>BucketAlreadyExists<{%reset%}>\n", bucket);
  const followUp = failure("grpc: the client connection is closing", stack);
  expect(after(cause, followUp).causes).toEqual([
    { resource: "aws:s3/bucket:Bucket raw", message: "BucketAlreadyExists" },
  ]);
  expect(after(followUp).causes).toHaveLength(1);
});

test("an exception of the program is shown once, without its stack", () => {
  const thrown = "Unhandled exception: TypeError: no such model\n    at deploy (/a/b.ts:1:2)";
  expect(after(failure(thrown, stack), failure("no such model")).causes).toEqual([
    { resource: undefined, message: "no such model" },
  ]);
});

test("a violation has policy, resource and what is wrong, without the policy's description", () => {
  const policyEvent = {
    policyName: "tls-only",
    policyPackName: "mlops",
    enforcementLevel: "mandatory",
    resourceUrn: bucket,
    message: "Buckets refuse plain HTTP.\nBucket raw accepts it.",
  } as never;
  expect(after({ policyEvent }).violations).toEqual([
    {
      policy: "tls-only",
      pack: "mlops",
      mandatory: true,
      resource: "aws:s3/bucket:Bucket raw",
      message: "Bucket raw accepts it.",
    },
  ]);
});
