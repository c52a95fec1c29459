import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

const root = path.join(__dirname, "..", "..");

/** What Pulumi's language host does before it runs the program: its own ts-node, from the folder of `main`. */
const load = `
  const { typeScriptRequireStrings } = require("@pulumi/pulumi/tsutils");
  const { tsnodeRequire, typescriptRequire } = typeScriptRequireStrings();
  const project = process.env.PULUMI_NODEJS_TSCONFIG_PATH;
  if (!require("node:fs").existsSync(project)) throw new Error("no " + project);
  require(tsnodeRequire).register({
    compiler: typescriptRequire, project, skipProject: false,
    compilerOptions: { target: "ES2020", module: "nodenext", moduleResolution: "nodenext", sourceMap: "true" },
  });
  console.log(typeof require(process.cwd()));
`;

test("the program of pulumi up compiles and loads in the engine's language host", () => {
  const project = parse(fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as {
    main: string;
    runtime: { options: { tsconfig: string } };
  };
  const printed = execFileSync(process.execPath, ["-e", load], {
    cwd: path.join(root, project.main),
    env: { ...process.env, PULUMI_NODEJS_TSCONFIG_PATH: project.runtime.options.tsconfig },
    encoding: "utf8",
  });
  expect(printed.trim()).toBe("function");
}, 180_000);
