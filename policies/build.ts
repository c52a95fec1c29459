/** Compiles the pack to JavaScript, because one in TypeScript takes seconds longer to start on every preview. */
import * as fs from "node:fs";
import * as path from "node:path";

import { build } from "esbuild";

import { configFor } from "./pack";
import { environments } from "./shared/environment";

/**
 * Writes the compiled pack to `dist/index.js`, and to `dist/config/<environment>.json` a policy configuration that
 * states the level of every policy.
 */
export async function buildPolicies(folder: string = __dirname): Promise<{ file: string; bytes: number }> {
  const file = path.join(folder, "dist", "index.js");
  await build({
    entryPoints: [path.join(folder, "index.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // The SDK stays outside: the engine's runner and the pack must share one copy of it.
    external: ["@pulumi/policy", "@pulumi/pulumi"],
    logLevel: "warning",
  });
  const configFolder = path.join(folder, "dist", "config");
  fs.mkdirSync(configFolder, { recursive: true });
  for (const environment of environments) {
    const text = `${JSON.stringify(configFor(environment), undefined, 2)}\n`;
    fs.writeFileSync(path.join(configFolder, `${environment}.json`), text);
  }
  return { file, bytes: fs.statSync(file).size };
}

if (require.main === module) {
  buildPolicies().then(
    ({ file, bytes }) =>
      console.log(`${path.relative(process.cwd(), file)}  ${(bytes / 1024).toFixed(1)} kB`),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
