import * as fs from "node:fs";
import * as path from "node:path";

import { buildSync } from "esbuild";

/** Functions with a bundle of their own; each is a folder with a `handler.ts`. */
export const functionNames = fs
  .readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && fs.existsSync(path.join(__dirname, entry.name, "handler.ts")))
  .map((entry) => entry.name)
  .sort();

/** A built bundle. */
export interface Bundle {
  name: string;
  file: string;
  bytes: number;
}

/**
 * Bundles every function with all that it needs, the AWS SDK too, so that what was tested is what runs. The same
 * sources give the same bytes on every machine: an unchanged program is an empty diff.
 */
export function buildLambdas(outputFolder: string): Bundle[] {
  return functionNames.map((name) => {
    const file = path.join(outputFolder, name, "index.js");
    buildSync({
      entryPoints: [path.join(__dirname, name, "handler.ts")],
      outfile: file,
      absWorkingDir: path.join(__dirname, ".."),
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      minify: true,
      // Powertools and the SDK tell errors apart by the names of their classes.
      keepNames: true,
      // The modules of the SDK for ES are smaller once what is not used is gone.
      mainFields: ["module", "main"],
      legalComments: "none",
      logLevel: "warning",
    });
    return { name, file, bytes: fs.statSync(file).size };
  });
}

if (require.main === module) {
  for (const { name, bytes } of buildLambdas(path.join(__dirname, "dist"))) {
    process.stdout.write(`${name.padEnd(24)}${(bytes / 1024).toFixed(0).padStart(6)} KiB\n`);
  }
}
