import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { buildLambdas, functionNames } from "../../lambdas/build";

jest.setTimeout(60_000);

describe("the bundles of the Lambdas", () => {
  let folder: string;
  beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "bundles-"))));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  const hash = (file: string): string => createHash("sha256").update(fs.readFileSync(file)).digest("hex");

  test("hold every function of the platform", () => {
    expect(functionNames).toEqual([
      "data-validator",
      "drift-detector",
      "model-evaluator",
      "model-promoter",
      "retraining-controller",
    ]);
  });

  test("are the same bytes whenever and wherever they are built", () => {
    const hashes = ["first", "somewhere/else"].map((place) =>
      buildLambdas(path.join(folder, place)).map(({ name, file }) => `${name} ${hash(file)}`),
    );
    expect(hashes[0]).toHaveLength(functionNames.length);
    expect(hashes[1]).toEqual(hashes[0]);
  });

  test("need nothing but Node: they start from an empty folder and ask for their environment", () => {
    for (const { file } of buildLambdas(path.join(folder, "alone"))) {
      const start = (): unknown => jest.requireActual(file);
      expect(start).toThrow(/The function's environment is not complete: .*[A-Z_]+ is missing/);
      expect(fs.readFileSync(file, "utf8")).not.toContain(folder);
    }
  });
});
