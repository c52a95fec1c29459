import * as fs from "node:fs";
import * as path from "node:path";

import { buildSync, Metafile } from "esbuild";

import { addNativePackages, externalModules, removeNativePackages } from "./native-modules";

/** Functions with a bundle of their own; each is a folder with a `handler.ts`. */
export const functionNames = fs
  .readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && fs.existsSync(path.join(__dirname, entry.name, "handler.ts")))
  .map((entry) => entry.name)
  .sort();

/** A built bundle. */
export interface Bundle {
  name: string;
  /** Its code; compiled packages lie in `node_modules` beside it. */
  file: string;
  /** Size of everything in its folder. */
  bytes: number;
  /** Whether it holds compiled code, which runs on x86_64 only. */
  native: boolean;
}

/** What Lambda takes at most, unzipped. */
export const maximumBundleBytes = 250 * 1024 * 1024;

/**
 * Bundles every function with all that it needs, the AWS SDK too, so that what was tested is what runs. The same
 * sources give the same bytes on every machine: an unchanged program is an empty diff.
 * @throws Error when a bundle is larger than Lambda takes
 */
export function buildLambdas(outputFolder: string, names: readonly string[] = functionNames): Bundle[] {
  const { metafile } = buildSync({
    entryPoints: Object.fromEntries(
      names.map((name) => [`${name}/index`, path.join(__dirname, name, "handler.ts")]),
    ),
    outdir: outputFolder,
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
    external: externalModules,
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
  });
  const withCompiledCode = nativeNames(metafile);
  return names.map((name) => finishBundle(outputFolder, name, withCompiledCode.includes(name)));
}

function finishBundle(outputFolder: string, name: string, native: boolean): Bundle {
  const folder = path.join(outputFolder, name);
  const file = path.join(folder, "index.js");
  if (!native) removeNativePackages(folder);
  const bytes = fs.statSync(file).size + (native ? addNativePackages(folder) : 0);
  if (bytes > maximumBundleBytes) {
    throw new Error(`The bundle of ${name} has ${bytes} bytes; Lambda takes ${maximumBundleBytes} at most.`);
  }
  return { name, file, bytes, native };
}

/** Functions in which something asks for a package with compiled code. */
function nativeNames({ outputs }: Metafile): string[] {
  return Object.entries(outputs)
    .filter(([, { imports }]) =>
      imports.some(
        ({ path: module, external }) => external === true && module.startsWith("@duckdb/node-bindings"),
      ),
    )
    .map(([file]) => path.basename(path.dirname(file)));
}

if (require.main === module) {
  for (const { name, bytes, native } of buildLambdas(path.join(__dirname, "dist"))) {
    const size = (bytes / 1024).toFixed(0).padStart(6);
    process.stdout.write(`${name.padEnd(24)}${size} KiB${native ? "  with compiled code for x86_64" : ""}\n`);
  }
}
