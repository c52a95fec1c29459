import * as fs from "node:fs";
import * as path from "node:path";

import type { DataContract } from "../../components/contracts/data-contract";
import { fileKindOf } from "./file-format";
import { Limits } from "./limits";
import { validateFile } from "./validate-file";

/**
 * Validates a local file: `tsx lambdas/data-validator/command.ts FILE CONTRACT OUTPUT [LIMITS]`, where CONTRACT is a JSON
 * file with a data contract, OUTPUT a folder for the results, and LIMITS a JSON object. Prints the result as JSON.
 */
async function main([file = "", contractFile = "", folder = "", limits = "{}"]: string[]): Promise<void> {
  const kind = fileKindOf(file);
  if (kind === undefined || contractFile === "" || folder === "") {
    throw new Error(
      "Usage: command.ts FILE.{csv,jsonl,parquet}[.gz] CONTRACT.json OUTPUT_FOLDER [LIMITS_JSON]",
    );
  }
  fs.mkdirSync(folder, { recursive: true });
  const result = await validateFile({
    file,
    kind,
    contract: JSON.parse(fs.readFileSync(contractFile, "utf8")) as DataContract,
    folder,
    limits: JSON.parse(limits) as Partial<Limits>,
    now: new Date(),
    deliveryId: path.basename(file),
  });
  // Kilobytes on Linux and macOS alike, as Node gives them.
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ ...result, peakMegabytes }, undefined, 2)}\n`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
