import * as fs from "node:fs/promises";
import * as path from "node:path";

import { DeleteObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";

import { ClientError, downloadObject, filesBelow, parseS3Uri, uploadFile } from "../sagemaker/s3-transfer";
import { localPath } from "./spark-submit";

/** What a file looked like: one that looks the same later was not written to. */
async function stamp(file: string): Promise<string> {
  const { size, mtimeMs } = await fs.stat(file);
  return `${size} ${mtimeMs}`;
}

/** Checksums that Spark keeps beside local files, and S3 never sees. */
const isChecksum = (file: string): boolean => path.basename(file).endsWith(".crc");

/**
 * Folders that stand for places in S3 while a Spark job runs: Spark has no file system for S3 without libraries that no
 * package registry but Maven's carries. What the job wrote is put into S3 when it has succeeded, and what it removed is removed.
 */
export class BucketFolders {
  private before = new Map<string, string>();

  constructor(
    private readonly s3: S3Client,
    private readonly root: string,
  ) {}

  /** Downloads everything at the places; a place with nothing in it is where the job will write. */
  async fetch(places: string[]): Promise<void> {
    await fs.mkdir(this.root, { recursive: true });
    for (const place of places) {
      for (const key of await this.keysAt(place)) await this.download(place, key);
    }
    this.before = await this.look();
  }

  /** Brings S3 to what the folders are now; the numbers of objects written and removed. */
  async push(): Promise<{ written: number; removed: number }> {
    const now = await this.look();
    const written = [...now].filter(([file, seen]) => this.before.get(file) !== seen).map(([file]) => file);
    const removed = [...this.before.keys()].filter((file) => !now.has(file));
    for (const file of written) await uploadFile(this.s3, path.join(this.root, file), `s3://${file}`);
    for (const file of removed) {
      const { bucket, key } = parseS3Uri(`s3://${file}`);
      await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    }
    return { written: written.length, removed: removed.length };
  }

  private async look(): Promise<Map<string, string>> {
    const files = (await filesBelow(this.root)).filter((file) => !isChecksum(file));
    const stamps = files.map(async (file): Promise<[string, string]> => [
      file,
      await stamp(path.join(this.root, file)),
    ]);
    return new Map(await Promise.all(stamps));
  }

  private async keysAt(place: string): Promise<string[]> {
    const { bucket, key } = parseS3Uri(place.replace(/^s3[an]:/, "s3:"));
    const keys: string[] = [];
    try {
      for await (const page of paginateListObjectsV2({ client: this.s3 }, { Bucket: bucket, Prefix: key })) {
        keys.push(...(page.Contents ?? []).map((object) => object.Key ?? ""));
      }
    } catch (error) {
      throw new ClientError(`${place} cannot be read: ${(error as Error).message}`);
    }
    const folder = key === "" || key.endsWith("/") ? key : `${key}/`;
    return keys.filter((each) => !each.endsWith("/") && (each === key || each.startsWith(folder)));
  }

  private async download(place: string, key: string): Promise<void> {
    const { bucket } = parseS3Uri(place.replace(/^s3[an]:/, "s3:"));
    const file = path.resolve(localPath(`s3://${bucket}/${key}`, this.root));
    if (!file.startsWith(path.resolve(this.root, bucket) + path.sep)) {
      throw new ClientError(`The key "${key}" leads out of the folder of its bucket.`);
    }
    await downloadObject(this.s3, { bucket, key }, file);
  }
}
