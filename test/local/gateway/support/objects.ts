import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";

import type { TestClients } from "./running-gateway";

/** The objects of one bucket, as tests look at them. */
export class Objects {
  constructor(
    private readonly clients: TestClients,
    readonly bucket: string,
  ) {}

  async put(key: string, body: string): Promise<void> {
    await this.clients.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body }));
  }

  async keysBelow(prefix: string): Promise<string[]> {
    const command = new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix });
    return ((await this.clients.s3.send(command)).Contents ?? []).map(({ Key = "" }) => Key);
  }

  async content(key: string): Promise<Buffer> {
    const { Body } = await this.clients.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** Rows of Parquet objects, as DuckDB reads them, sorted. */
  async rows(keys: string[]): Promise<unknown[]> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gateway-rows-"));
    try {
      for (const [index, key] of keys.entries()) {
        fs.writeFileSync(path.join(folder, `${index}.parquet`), await this.content(key));
      }
      const connection = await (await DuckDBInstance.create()).connect();
      const query = `select * from read_parquet('${folder}/*.parquet') order by all`;
      const result = await connection.runAndReadAll(query);
      connection.closeSync();
      return result.getRowObjectsJson();
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }
}
