import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { interruptedOperation } from "../../../local/engine/interruption";
import { destroy, type OperationContext, up } from "../../../local/engine/operations";
import { Sandbox } from "../../../local/sandbox";
import { noProgress } from "../../../local/toolchain/progress";

let root: string;
let sandbox: Sandbox;

beforeEach(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "operations-"));
  sandbox = await Sandbox.open({ name: "operations", projectRoot: root });
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** Where the file backend of the engine writes the lock of a stack. */
function lockFile(): string {
  const folder = path.join(sandbox.paths.engineState, ".pulumi/locks/organization/platform/local");
  fs.mkdirSync(folder, { recursive: true });
  return path.join(folder, "a1b2.json");
}

function made(id: string): void {
  const line = { event: "created", urn: `urn:${id}`, type: "aws:s3/bucket:Bucket", id };
  fs.appendFileSync(sandbox.paths.awsJournal, `${JSON.stringify(line)}\n`);
}

type Operation = (context: OperationContext) => Promise<unknown>;

function run(action: () => void, operation: Operation = up): Promise<unknown> {
  const engine = () =>
    Promise.resolve().then(() => {
      action();
      return { outputs: {} };
    });
  return operation({
    stack: { up: engine, destroy: engine } as unknown as Stack,
    progress: noProgress,
    sandbox,
  });
}

function killedAfterMaking(id: string): void {
  fs.writeFileSync(lockFile(), JSON.stringify({ pid: 4_000_000 }));
  made(id);
  throw new Error("code: -2, signal: SIGKILL");
}

test("an operation that ends by itself, well or not, is no interruption", async () => {
  await run(() => fs.rmSync(lockFile(), { force: true }));
  expect(interruptedOperation(sandbox)).toBeUndefined();
  await expect(
    run(() => {
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(interruptedOperation(sandbox)).toBeUndefined();
});

test("an engine that was killed alone leaves its lock: that is an interruption", async () => {
  made("before");
  await expect(run(() => killedAfterMaking("orphan"), destroy)).rejects.toThrow("SIGKILL");
  expect(interruptedOperation(sandbox)).toMatchObject({
    operation: "destroy",
    journals: { "journal-aws.jsonl": 1 },
  });
});

test("an operation that finds the stack locked does not hide what the killed one made", async () => {
  await expect(run(() => killedAfterMaking("orphan"))).rejects.toThrow();
  await expect(
    run(() => {
      throw new Error("the stack is currently locked");
    }),
  ).rejects.toThrow("locked");
  expect(interruptedOperation(sandbox)).toMatchObject({ journals: { "journal-aws.jsonl": 0 } });
});

test("a lock that nobody noted is an interruption too, of something that made nothing", () => {
  made("before");
  fs.writeFileSync(lockFile(), "{}");
  expect(interruptedOperation(sandbox)).toMatchObject({ journals: { "journal-aws.jsonl": 1 } });
});
