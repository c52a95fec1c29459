import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { beginOperation, endOperation, interruptedOperation } from "../../../local/engine/interruption";
import { forgetMemoryLoss, memoryLoss, noteMemoryLoss, resetState } from "../../../local/engine/memory-loss";
import { Sandbox } from "../../../local/sandbox";

let root: string;
let sandbox: Sandbox;

beforeEach(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "memory-"));
  sandbox = await Sandbox.open({ name: "memory", projectRoot: root });
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

test.each([
  [[], "none"],
  [["kube-apiserver", "gateway"], "none"],
  [["moto"], "some"],
  [["ministack", "moto", "etcd", "gateway"], "all"],
])("%j started empty: %s is lost", (started, loss) => {
  expect(memoryLoss(started)).toBe(loss);
});

test("a loss is remembered over commands until the state was put right", () => {
  expect(noteMemoryLoss(sandbox, ["moto"])).toEqual(["moto"]);
  expect(noteMemoryLoss(sandbox, ["ministack"])).toEqual(["moto", "ministack"]);
  forgetMemoryLoss(sandbox);
  expect(noteMemoryLoss(sandbox, [])).toEqual([]);
});

test.each(['["minis', "", "null"])("a note that cannot be read (%j) says that something is lost", (note) => {
  fs.writeFileSync(path.join(sandbox.paths.root, "engine", "started-empty.json"), note);
  expect(memoryLoss(noteMemoryLoss(sandbox, []))).toBe("some");
  expect(memoryLoss(noteMemoryLoss(sandbox, ["ministack", "moto", "etcd"]))).toBe("all");
  forgetMemoryLoss(sandbox);
  expect(memoryLoss(noteMemoryLoss(sandbox, []))).toBe("none");
});

test("an operation that did not end is known, with what the journals held before it", () => {
  const line = { event: "created", urn: "u", type: "t", id: "1" };
  fs.writeFileSync(sandbox.paths.awsJournal, `${JSON.stringify(line)}\n`);
  beginOperation(sandbox, "up");
  expect(interruptedOperation(sandbox)).toMatchObject({
    operation: "up",
    journals: { "journal-aws.jsonl": 1 },
  });
  endOperation(sandbox);
  expect(interruptedOperation(sandbox)).toBeUndefined();
});

test("half a note of an operation counts as one that had made nothing", () => {
  beginOperation(sandbox, "destroy");
  const file = path.join(sandbox.paths.root, "engine", "operation.json");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").slice(0, 10));
  expect(interruptedOperation(sandbox)).toMatchObject({ journals: { "journal-aws.jsonl": 0 } });
});

test("a reset forgets state, journals and the interrupted operation, and says so once", () => {
  fs.writeFileSync(path.join(sandbox.paths.engineState, "stack.json"), "{}");
  fs.writeFileSync(sandbox.paths.awsJournal, "");
  beginOperation(sandbox, "up");
  const said: string[] = [];
  resetState(sandbox, (line) => said.push(line));
  resetState(sandbox, (line) => said.push(line));
  expect(said).toHaveLength(1);
  expect(fs.readdirSync(sandbox.paths.engineState)).toEqual([]);
  expect(fs.existsSync(sandbox.paths.awsJournal)).toBe(false);
  expect(interruptedOperation(sandbox)).toBeUndefined();
});
