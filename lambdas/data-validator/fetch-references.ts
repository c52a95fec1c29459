import * as fs from "node:fs";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";

import type { S3Client } from "@aws-sdk/client-s3";

import type { DataContract } from "../../components/contracts/data-contract";
import { listObjects, openObject } from "../shared/objects";
import { FileFault } from "./file-fault";
import { referencedDatasets, ReferenceFiles } from "./references";

/**
 * Brings the curated files of the data sets that a contract refers to into a folder.
 * @param mostBytes - most bytes of one data set
 * @throws FileFault when a data set is larger
 */
export async function fetchReferences(
  s3: S3Client,
  bucket: string,
  contract: DataContract,
  folder: string,
  mostBytes: number,
): Promise<ReferenceFiles> {
  const files: Record<string, string[]> = {};
  for (const [set, dataset] of referencedDatasets(contract).entries()) {
    const local: string[] = [];
    let bytes = 0;
    for await (const { key, size } of listObjects(s3, { bucket, key: `${dataset}/` })) {
      if (!key.endsWith(".parquet")) continue;
      bytes += size;
      if (bytes > mostBytes) {
        throw new FileFault(
          `The contract refers to the data set ${dataset}, whose curated files have more than ${mostBytes} bytes; only small data sets can be referred to.`,
        );
      }
      const file = path.join(folder, `reference-${set}-${local.length}.parquet`);
      await pipeline(await openObject(s3, { bucket, key }), fs.createWriteStream(file));
      local.push(file);
    }
    files[dataset] = local;
  }
  return files;
}
