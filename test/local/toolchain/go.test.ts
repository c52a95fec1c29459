import * as fs from "node:fs";
import * as path from "node:path";
import { type GoProgram, buildGoProgram, goModule } from "../../../local/toolchain/go";
import { noProgress } from "../../../local/toolchain/progress";
import { fakeProgram, restoreEnvironmentAfterEach, setEnvironment, temporaryFolder } from "./fakes";

const folder = temporaryFolder();
let cases = 0;

const program: GoProgram = {
  name: "tool",
  package: "example.com/tool/cmd",
  module: { path: "example.com/tool", version: "v1.2.3" },
  replace: { "example.com/part": "v0.2.3" },
  linkSymbols: { "example.com/tool/version.Version": "v1.2.3" },
  bytesNeeded: 1e6,
  alternative: "install tool yourself",
};

/** Answers `go env` with that version and runs the script for `go build`. */
function fakeGo(version: string, buildScript: string): string {
  const bin = path.join(folder, `bin-${cases}`);
  fakeProgram(
    bin,
    "go",
    `if [ "$1" = env ]; then echo go${version}; echo ${folder}/modules; echo ${folder}/compiled; exit 0; fi\n${buildScript}`,
  );
  setEnvironment({ PATH: `${bin}:/usr/bin:/bin` });
  return bin;
}

function target(): string {
  const made = path.join(folder, `target-${cases}`);
  fs.mkdirSync(made);
  return made;
}

restoreEnvironmentAfterEach();
beforeEach(() => cases++);

it("the module is pinned to one version, its replacements included", () => {
  expect(goModule(program).split("\n").filter(Boolean)).toEqual([
    "module sandbox/tool",
    "go 1.26.0",
    "require example.com/tool v1.2.3",
    "tool example.com/tool/cmd",
    "replace example.com/part => example.com/part v0.2.3",
  ]);
});

it("builds static, trimmed, in a module of its own, with scratch files beside it", async () => {
  fakeGo("1.26.8", 'echo "$@" > arguments; env > environment; touch tool');
  const into = target();
  await buildGoProgram(program, into, noProgress);
  expect(fs.readFileSync(path.join(into, "arguments"), "utf8").trim()).toBe(
    "build -mod=mod -trimpath -buildvcs=false -ldflags -s -w -X example.com/tool/version.Version=v1.2.3 -o tool example.com/tool/cmd",
  );
  const environment = fs.readFileSync(path.join(into, "environment"), "utf8").split("\n");
  expect(environment).toEqual(
    expect.arrayContaining(["CGO_ENABLED=0", "GOWORK=off", `GOTMPDIR=${into}/tmp`]),
  );
  expect(fs.existsSync(path.join(into, "tmp"))).toBe(false);
});

describe("says in one sentence what is wrong and the way out", () => {
  it("without Go", async () => {
    setEnvironment({ PATH: path.join(folder, "empty") });
    await expect(buildGoProgram(program, target(), noProgress)).rejects.toThrow(
      "Go 1.25 or later is needed to build tool and is not on PATH. Install it from https://go.dev/dl, or install tool yourself.",
    );
  });

  it("with an old Go", async () => {
    const bin = fakeGo("1.22.1", "exit 0");
    await expect(buildGoProgram(program, target(), noProgress)).rejects.toThrow(
      `Go 1.22.1 at ${bin}/go is too old to build tool: 1.25 or later is needed.`,
    );
  });

  it.each([
    "go: go.mod requires go >= 1.26.0 (running go 1.25.3; GOTOOLCHAIN=local)",
    "go: download go1.26.0 for linux/amd64: toolchain not available",
  ])("with a Go that may not switch its toolchain: %s", async (words) => {
    fakeGo("1.25.3", `echo '${words}' >&2; exit 1`);
    await expect(buildGoProgram(program, target(), noProgress)).rejects.toThrow(
      /^Go 1\.25\.3 at \S+ is too old to build tool v1\.2\.3 .* Install Go 1\.26\.0 or later/,
    );
  });

  it("with a broken download", async () => {
    fakeGo("1.26.8", "echo 'go: example.com/tool@v1.2.3: Get proxy: connection refused' >&2; exit 1");
    await expect(buildGoProgram(program, target(), noProgress)).rejects.toThrow(
      "Building tool v1.2.3 failed: go: example.com/tool@v1.2.3: Get proxy: connection refused. " +
        "Run the command again: what was finished is kept.",
    );
  });

  it("with a full disk of the build cache", async () => {
    fakeGo("1.26.8", "echo 'write x.a: no space left on device' >&2; echo 'exit status 1' >&2; exit 1");
    await expect(buildGoProgram(program, target(), noProgress)).rejects.toThrow(
      new RegExp(`needs 0.0 GB in ${folder}/compiled, .* set GOCACHE and GOMODCACHE to folders`),
    );
  });
});
