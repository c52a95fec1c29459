import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { nodeProgram } from "../../../local/emulators/environment";
import { withPreviewProvider } from "../../../local/engine/preview-provider";
import { Sandbox } from "../../../local/sandbox";

jest.mock("../../../local/emulators/environment", () => ({
  daemonEnvironment: () => process.env,
  nodeProgram: jest.fn(),
}));

const account = { accountId: "111111111111", region: "eu-central-1" };
let root: string;
let sandbox: Sandbox;

beforeEach(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "preview-provider-"));
  sandbox = await Sandbox.open({ name: "preview", projectRoot: root });
  fs.mkdirSync(sandbox.paths.logs, { recursive: true });
  // A child process needs the rest of the clock.
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "performance", "hrtime"] });
});

afterEach(() => {
  jest.useRealTimers();
  fs.rmSync(root, { recursive: true, force: true });
});

function provider(command: string, ...args: string[]): void {
  jest.mocked(nodeProgram).mockReturnValue({ command, args, cwd: root });
}

test.each([
  ["ends", () => provider(process.execPath, "-e", "process.exit(3)"), "ended with exit status 3"],
  ["is missing", () => provider(path.join(root, "missing")), "cannot be started"],
])("a provider that %s fails at once and leaves no timer behind", async (_, prepare, message) => {
  prepare();
  await expect(withPreviewProvider(sandbox, "aws:1,awsx:2", account, jest.fn())).rejects.toThrow(message);
  expect(jest.getTimerCount()).toBe(0);
});

test("the action gets the port that the provider says, and the other providers", async () => {
  provider(process.execPath, "-e", "console.log(4711); setInterval(() => {}, 1000)");
  const action = jest.fn((debugProviders: string) => Promise.resolve(debugProviders));
  expect(await withPreviewProvider(sandbox, "aws:1,awsx:2", account, action)).toBe("aws:4711,awsx:2");
  expect(jest.getTimerCount()).toBe(0);
});
