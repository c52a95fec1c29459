import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Bundle, buildLambdas, functionNames } from "../../lambdas/build";

jest.setTimeout(120_000);

describe("the bundles of the Lambdas", () => {
  let folder: string;
  let bundles: Bundle[];
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "bundles-"));
    bundles = buildLambdas(path.join(folder, "first"));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  const hash = (file: string): string => createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  const contents = (root: string): string[] =>
    fs
      .readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => `${path.relative(root, file)} ${hash(file)}`)
      .sort();

  test("hold every function of the platform", () => {
    expect(functionNames).toEqual([
      "api-poller",
      "data-validator",
      "dataset-publisher",
      "drift-detector",
      "feature-group-updater",
      "feature-materializer",
      "firehose-replayer",
      "lineage-recorder",
      "model-evaluator",
      "model-promoter",
      "record-writer",
      "retraining-controller",
      "training-set-builder",
    ]);
  });

  test("are the same bytes whenever and wherever they are built", () => {
    const elsewhere = path.join(folder, "somewhere/else");
    buildLambdas(elsewhere);
    const first = contents(path.join(folder, "first"));
    expect(first.length).toBeGreaterThanOrEqual(functionNames.length);
    expect(contents(elsewhere)).toEqual(first);
  });

  test("need nothing but Node: they start from an empty folder and ask for their environment, if they need one", () => {
    for (const { name, file } of bundles) {
      // In a process of its own: compiled code stays in the process that loaded it.
      const start = `try { require(${JSON.stringify(file)}); console.log("starts") } catch (e) { console.log(e.message) }`;
      const { stdout } = spawnSync(process.execPath, ["-e", start], { encoding: "utf8", env: {} });
      expect(`${name}: ${stdout}`).toMatch(
        /: starts$|The function's environment is not complete: .*[A-Z_]+ is missing/m,
      );
      expect(fs.readFileSync(file, "utf8")).not.toContain(folder);
    }
  });

  test("hold compiled code only where it is used, for the processor of the function", () => {
    for (const { file, native, bytes } of bundles) {
      const packages = path.join(path.dirname(file), "node_modules", "@duckdb");
      expect(fs.existsSync(packages) ? fs.readdirSync(packages) : []).toEqual(
        native ? ["node-bindings", "node-bindings-linux-x64"] : [],
      );
      expect(native || bytes < 10 * 1024 * 1024).toBe(true);
    }
  });

  test("lose the compiled code that they need no longer", () => {
    const place = path.join(folder, "before");
    const left = path.join(place, "drift-detector", "node_modules");
    fs.mkdirSync(left, { recursive: true });
    buildLambdas(place, ["drift-detector"]);
    expect(fs.existsSync(left)).toBe(false);
  });
});
