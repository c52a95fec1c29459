/**
 * The committing job as Glue runs it, with the rights that the component gives it, on the sandbox's emulators; the table
 * is read back with PyIceberg through the catalog.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import {
  CreateDatabaseCommand,
  CreateJobCommand,
  CreateTableCommand,
  GetJobRunCommand,
  GlueClient,
  JobRun,
  StartJobRunCommand,
} from "@aws-sdk/client-glue";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import { IcebergTable } from "../../components/data-lake/iceberg-table";
import { ensurePython } from "../../local/toolchain";
import { runCommand } from "../../local/toolchain/run-command";
import { icebergTableArgs } from "../components/lake-samples";
import { createRole, RunningGateway, TestClients, waitFor } from "../local/gateway/support/running-gateway";
import { deployInMocks, mockRegion } from "../support/pulumi-mocks";

const bucket = "curated";
const database = "lake";
const table = "flights";
const script = path.join(__dirname, "../../jobs/table-committer/commit.py");
const reader = path.join(__dirname, "iceberg/table.py");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "iceberg-test-"));

interface TableState {
  snapshots: { id: string; byId: string[]; byTime: string[]; operation: string; ledger?: string }[];
  columns: Record<string, string>;
  files: number;
}
interface CommitReport {
  added: number;
  removed: number;
  files: number;
  committed: boolean;
  snapshot: number | null;
  expired: boolean;
}

let running: RunningGateway;
let clients: TestClients;
let glue: GlueClient;
let python: string;
let duckdb: DuckDBConnection;
let jobArguments: Record<string, string>;
let environment: Record<string, string>;

jest.setTimeout(10 * 60_000);

/** What the component declares: the job, and the rights of its role. */
async function declared() {
  const deployed = await deployInMocks(() => new IcebergTable("flights", icebergTableArgs));
  const of = (type: string) =>
    deployed.one(type, type.startsWith("aws:glue/catalog") ? "flights" : "flights-committer");
  return {
    job: of("aws:glue/job:Job").inputs,
    table: of("aws:glue/catalogTable:CatalogTable").inputs,
    policy: of("aws:iam/rolePolicy:RolePolicy").inputs.policy as string,
  };
}

beforeAll(async () => {
  running = await RunningGateway.start();
  clients = running.clients();
  const { region, gatewayUrl } = running.sandbox;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  glue = new GlueClient({ endpoint: gatewayUrl, region, credentials });
  environment = {
    AWS_ENDPOINT_URL: gatewayUrl,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  python = await ensurePython();
  duckdb = await (await DuckDBInstance.create()).connect();
  const { job, table: tableInputs, policy } = await declared();
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const key = `jobs/table-committer/flights/commit.py`;
  await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: fs.readFileSync(script) }));
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  const { columns, location } = tableInputs.storageDescriptor as { columns: object[]; location: string };
  await glue.send(
    new CreateTableCommand({
      DatabaseName: database,
      TableInput: {
        Name: table,
        TableType: "EXTERNAL_TABLE",
        StorageDescriptor: {
          Location: location,
          Columns: (columns as { name: string; type: string }[]).map(({ name, type }) => ({
            Name: name,
            Type: type,
          })),
        },
      },
      OpenTableFormatInput: { IcebergInput: { MetadataOperation: "CREATE", Version: "2" } },
    }),
  );
  const role = await createRole(clients, "committer", "glue");
  const PolicyDocument = policy.replaceAll(mockRegion, region);
  await clients.iam.send(
    new PutRolePolicyCommand({ RoleName: "committer", PolicyName: "commit", PolicyDocument }),
  );
  jobArguments = job.defaultArguments as Record<string, string>;
  const { pythonVersion, name, scriptLocation } = job.command as Record<string, string>;
  await glue.send(
    new CreateJobCommand({
      Name: "committer",
      Role: role,
      Command: { Name: name, PythonVersion: pythonVersion, ScriptLocation: `${scriptLocation}` },
      DefaultArguments: { ...jobArguments, "--EXPIRE_SNAPSHOTS_AFTER_DAYS": "0" },
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      MaxCapacity: 0.0625,
      Timeout: 5,
    }),
  );
});

afterAll(async () => {
  await running.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Puts a curated file as the validator does: Parquet by DuckDB, with its hash. */
async function put(name: string, ids: string[], columns = "1.5::DOUBLE AS delay"): Promise<void> {
  const file = path.join(folder, "file.parquet");
  const values = ids.map((id) => `('${id}')`).join(", ");
  await duckdb.run(
    `COPY (SELECT id, ${columns} FROM (VALUES ${values}) AS rows (id)) TO '${file}' (FORMAT parquet)`,
  );
  const Body = fs.readFileSync(file);
  const Metadata = { sha256: createHash("sha256").update(Body).digest("hex"), rows: String(ids.length) };
  await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `flights/${name}`, Body, Metadata }));
}

const remove = (name: string) =>
  clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: `flights/${name}` }));

/** Runs the job to its end. */
async function runJob(overrides: Record<string, string> = {}): Promise<JobRun> {
  const { JobRunId: RunId } = await glue.send(
    new StartJobRunCommand({ JobName: "committer", Arguments: overrides }),
  );
  return waitFor(
    "end of the job's run",
    async () => {
      const { JobRun: run } = await glue.send(new GetJobRunCommand({ JobName: "committer", RunId }));
      return ["SUCCEEDED", "FAILED", "TIMEOUT"].includes(run?.JobRunState ?? "") ? run : undefined;
    },
    120,
  );
}

async function commit(): Promise<TableState> {
  const { JobRunState: state, ErrorMessage: message } = await runJob();
  expect(`${state} ${message ?? ""}`.trim()).toBe("SUCCEEDED");
  return read();
}

async function look(action: string): Promise<string> {
  return (await runCommand(python, [reader, database, table, action], { environment })).stdout;
}
const read = async (): Promise<TableState> => JSON.parse(await look("read")) as TableState;

/** Runs the script itself, beside the job. */
async function runScript(overrides: Record<string, string> = {}): Promise<CommitReport> {
  const given = { ...jobArguments, "--EXPIRE_SNAPSHOTS_AFTER_DAYS": "0", ...overrides };
  const { stdout } = await runCommand(python, [script, ...Object.entries(given).flat()], { environment });
  return JSON.parse(stdout) as CommitReport;
}

const rows = ({ snapshots }: TableState): string[] => snapshots.at(-1)!.byId;

it("commits new files as one snapshot each time, and every snapshot stays readable by id and by time", async () => {
  await put("2026/a.parquet", ["1", "2"]);
  await put("2026/b.parquet", ["3"]);
  const first = await commit();
  expect(first.snapshots.map(({ byId, operation }) => [byId, operation])).toEqual([
    [["1", "2", "3"], "append"],
  ]);
  await put(
    "2026/c.parquet",
    ["4", "5"],
    "2.5::DOUBLE AS delay, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS departed_at",
  );
  const second = await commit();
  expect(second.snapshots.map(({ byId }) => byId)).toEqual([
    ["1", "2", "3"],
    ["1", "2", "3", "4", "5"],
  ]);
  for (const { byId, byTime } of second.snapshots) expect(byTime).toEqual(byId);
  expect(second.columns).toEqual({ id: "string", delay: "double", departed_at: "timestamptz" });
});

it("adds nothing when it runs again", async () => {
  const before = await read();
  expect(await commit()).toEqual(before);
  // The same bytes written again are the same file.
  await put("2026/b.parquet", ["3"]);
  expect(await commit()).toEqual(before);
});

it("takes rows out with the files that were replaced or removed, and leaves history as it was", async () => {
  const before = await read();
  await put("2026/a.parquet", ["2", "6"]);
  await remove("2026/b.parquet");
  const after = await commit();
  expect(rows(after)).toEqual(["2", "4", "5", "6"]);
  expect(after.snapshots.slice(0, -1)).toEqual(before.snapshots);
  expect(after.snapshots.at(-1)?.operation).toBe("overwrite");
});

it("knows what it committed after a compaction, and still takes out what is gone", async () => {
  await look("compact");
  const compacted = await read();
  expect(compacted.files).toBe(1);
  expect(await commit()).toEqual(compacted);
  await remove("2026/c.parquet");
  expect(rows(await commit())).toEqual(["2", "6"]);
  await put("2026/d.parquet", ["7"]);
  expect(rows(await commit())).toEqual(["2", "6", "7"]);
});

it("commits once however many commit at the same time", async () => {
  await put("2026/e.parquet", ["8", "9"]);
  const reports = await Promise.all([runScript(), runScript(), runScript()]);
  expect(reports.filter(({ committed }) => committed)).toHaveLength(1);
  expect(rows(await read())).toEqual(["2", "6", "7", "8", "9"]);
});

it("drops old snapshots when it is told to, and adds nothing afterwards", async () => {
  const before = await read();
  expect(before.snapshots.length).toBeGreaterThan(1);
  expect(await runScript({ "--EXPIRE_SNAPSHOTS_AFTER_DAYS": "0.0000001" })).toMatchObject({ expired: true });
  const after = await commit();
  expect(after.snapshots).toEqual(before.snapshots.slice(-1));
});

it("fails with a sentence that names the file which does not fit, and commits nothing", async () => {
  const before = await read();
  await put("2026/f.parquet", ["10"], "'late' AS delay");
  const run = await runJob();
  expect(run.JobRunState).toBe("FAILED");
  expect(run.ErrorMessage).toMatch(/\.parquet does not fit the table .*flights: .*delay/s);
  await remove("2026/f.parquet");
  expect(await commit()).toEqual(before);
});

it("says which arguments are missing", async () => {
  const failure = await runCommand(python, [script, "--BUCKET", bucket], { environment }).catch(
    (error: Error) => error,
  );
  expect(String((failure as Error).message)).toMatch(
    /The arguments DATASET, DATABASE, TABLE, LOCATION are missing/,
  );
});
