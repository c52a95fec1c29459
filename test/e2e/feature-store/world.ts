import * as fs from "node:fs";
import * as path from "node:path";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerFeatureStoreRuntimeClient } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import type { EngineStack } from "../aws-provider/harness";
import type { Endpoints } from "../aws-provider/service-case";

/** What a test does with the deployed feature store. */
export class World {
  readonly s3: S3Client;
  readonly dynamo: DynamoDBClient;
  readonly sageMaker: SageMakerClient;
  readonly records: SageMakerFeatureStoreRuntimeClient;
  private readonly lambda: LambdaClient;

  constructor(
    private readonly stack: EngineStack,
    readonly endpoints: Endpoints,
    readonly folder: string,
  ) {
    this.s3 = new S3Client({ ...endpoints.aws, forcePathStyle: true });
    this.dynamo = new DynamoDBClient(endpoints.aws);
    this.sageMaker = new SageMakerClient(endpoints.aws);
    this.records = new SageMakerFeatureStoreRuntimeClient(endpoints.aws);
    this.lambda = new LambdaClient(endpoints.aws);
  }

  /** Physical name of a deployed resource. */
  async idOf(type: string, name: string): Promise<string> {
    const found = (await this.stack.resources()).find(
      (resource) => resource.type === type && resource.urn.endsWith(`::${name}`),
    );
    if (found?.id === undefined) throw new Error(`The stack has no ${type} ${name}.`);
    return found.id;
  }

  /** Calls a function and waits; @throws Error with the function's own words. */
  async call<T>(name: string, event: object = {}): Promise<T> {
    const FunctionName = await this.idOf("aws:lambda/function:Function", name);
    const answer = await this.lambda.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }),
    );
    const text = Buffer.from(answer.Payload ?? []).toString("utf8");
    if (answer.FunctionError !== undefined) throw new Error(text);
    return JSON.parse(text) as T;
  }

  async put(Bucket: string, Key: string, Body: string | Buffer): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  }

  async get(Bucket: string, Key: string): Promise<Buffer> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** A Parquet file with the rows of a query. */
  async parquet(sql: string): Promise<Buffer> {
    const file = path.join(this.folder, "made.parquet");
    await this.query(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
    return fs.readFileSync(file);
  }

  /** Rows of a Parquet file. */
  async rows(content: Buffer): Promise<Record<string, unknown>[]> {
    const file = path.join(this.folder, "read.parquet");
    fs.writeFileSync(file, content);
    return this.query(`SELECT * FROM '${file}'`);
  }

  private async query(sql: string): Promise<Record<string, unknown>[]> {
    const instance = await DuckDBInstance.create(":memory:");
    const connection: DuckDBConnection = await instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }
}

/** "p50 1.2 ms, p95 3.4 ms, p99 5.6 ms of 300 reads" */
export function percentiles(milliseconds: number[]): string {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms of ${sorted.length} reads`;
}

/** Milliseconds that each of some calls took, one after the other. */
export async function timed(count: number, call: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    await call();
    took.push(performance.now() - started);
  }
  return took;
}
