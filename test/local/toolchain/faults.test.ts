import { SandboxError } from "../../../local/sandbox";
import { explainFailure, freeBytes, requireDiskSpace } from "../../../local/toolchain/faults";
import { CommandError } from "../../../local/toolchain/run-command";

const step = {
  title: "Building etcd",
  folder: "/absent/cache",
  bytesNeeded: 4e9,
  otherWayOut: "set MLOPS_CACHE to a folder on a larger disk",
};
const commandError = (stderr: string, timedOut = false) =>
  new CommandError("tool", { status: 1, stdout: "", stderr, timedOut });

describe("a full disk", () => {
  const sentence =
    /^Building etcd needs 4\.0 GB in \/absent\/cache, but only [\d.]+ GB are free\. Free some space there, or set MLOPS_CACHE to a folder on a larger disk, and run the command again\.$/;

  it("is found before the step starts", () => {
    expect(() => requireDiskSpace(step, 3.9e9)).toThrow(sentence);
    expect(() => requireDiskSpace(step, 4e9)).not.toThrow();
  });

  it.each([
    ["go", commandError("link: writing output: write a.out: no space left on device\nexit status 1")],
    [
      "pip",
      commandError("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"),
    ],
    ["npm", commandError("ENOSPC: no space left")],
    ["a quota", commandError("write: disk quota exceeded")],
    ["Node.js", Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" })],
  ])("is told from an error of %s", (_source, error) => {
    expect(explainFailure(step, error).message).toMatch(sentence);
  });

  it("free space is read from the nearest folder that exists", () => {
    expect(freeBytes("/absent/cache")).toBe(freeBytes("/"));
  });
});

describe("a failed tool", () => {
  it.each([
    ["go: proxy: connection refused", false, "go: proxy: connection refused. "],
    ["ERROR: No matching distribution!", false, "ERROR: No matching distribution! "],
    ["Collecting numpy", true, "it took too long; the last it said was: Collecting numpy. "],
  ])("%j (timed out: %p) becomes one sentence with the way out", (stderr, timedOut, words) => {
    const error = explainFailure(step, commandError(stderr, timedOut));
    expect(error).toBeInstanceOf(SandboxError);
    expect(error.message).toBe(
      `Building etcd failed: ${words}Run the command again: what was finished is kept.`,
    );
  });

  it("that already says everything is left alone", () => {
    const told = new SandboxError("Go is missing.");
    expect(explainFailure(step, told)).toBe(told);
  });

  it("of our own is not dressed up", () => {
    const bug = new TypeError("x is not a function");
    expect(explainFailure(step, bug)).toBe(bug);
  });
});
