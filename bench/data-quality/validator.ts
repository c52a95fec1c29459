/** Our contender: the engine of the data validator, as its Lambda calls it. Prints what the others print. */
import * as fs from "node:fs";
import { performance } from "node:perf_hooks";

import type { DataContract } from "../../components/contracts/data-contract";
import { fileKindOf } from "../../lambdas/data-validator/file-format";
import { validateFile } from "../../lambdas/data-validator/validate-file";

async function main([file = "", contractFile = "", folder = ""]: string[]): Promise<void> {
  const kind = fileKindOf(file);
  if (kind === undefined) throw new Error(`${file} is of no known format.`);
  fs.mkdirSync(folder, { recursive: true });
  const contract = JSON.parse(fs.readFileSync(contractFile, "utf8")) as DataContract;
  const started = performance.now();
  const result = await validateFile({
    file,
    kind,
    contract,
    folder,
    now: new Date(),
    deliveryId: "bench",
  });
  const workSeconds = Number(((performance.now() - started) / 1000).toFixed(3));
  if (result.fileFaults.length > 0) throw new Error(result.fileFaults.join(" "));
  const { totalRows: rows, badRows } = result;
  process.stdout.write(`${JSON.stringify({ rows, badRows, workSeconds, timings: result.timings })}\n`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
