/** Jobs that run on this machine: Python shell jobs of Glue, Spark jobs of EMR Serverless. */
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateApplicationCommand,
  EMRServerlessClient,
  GetJobRunCommand as GetSparkRunCommand,
  ListJobRunsCommand,
  StartJobRunCommand as StartSparkRunCommand,
} from "@aws-sdk/client-emr-serverless";
import { CreateJobCommand, GetJobRunCommand, GlueClient, StartJobRunCommand } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  createRole,
  Inbox,
  RunningGateway,
  TestClients,
  waitFor,
  roleThatMay,
} from "../local/gateway/support/running-gateway";
import { Objects } from "../local/gateway/support/objects";

const bucket = "gateway-jobs";
let running: RunningGateway;
let clients: TestClients;
let settings: ReturnType<RunningGateway["settings"]>;
let objects: Objects;

jest.setTimeout(10 * 60_000);

beforeAll(async () => {
  running = await RunningGateway.start();
  clients = running.clients();
  settings = running.settings();
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  objects = new Objects(clients, bucket);
});

afterAll(async () => {
  await running.stop();
});

const jobScript = `
import sys
import boto3
import pyarrow
import pyiceberg

arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
print("runs with pyiceberg", pyiceberg.__version__)
s3 = boto3.client("s3")
try:
    s3.get_object(Bucket="${bucket}", Key="secret")
except Exception as error:
    print("refused:", type(error).__name__, file=sys.stderr)
if arguments["--day"] == "never":
    sys.exit("there is no such day")
s3.put_object(Bucket="${bucket}", Key="done/" + arguments["--day"], Body=arguments["--run"].encode())
`;

describe("Python shell jobs of Glue", () => {
  const jobs = async (name: string, role: string) => {
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "jobs/job.py", Body: jobScript }));
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "secret", Body: "secret" }));
    const glue = new GlueClient(settings);
    await glue.send(
      new CreateJobCommand({
        Name: name,
        Role: role,
        Command: { Name: "pythonshell", PythonVersion: "3.9", ScriptLocation: `s3://${bucket}/jobs/job.py` },
        DefaultArguments: { "--run": "default" },
        ExecutionProperty: { MaxConcurrentRuns: 1 },
      }),
    );
    return glue;
  };
  const ended = (glue: GlueClient, JobName: string, RunId: string | undefined) =>
    waitFor("end of the job", async () => {
      const { JobRun } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
      return /RUNNING|STARTING/.test(JobRun?.JobRunState ?? "") ? undefined : JobRun;
    });

  it("run as their role in the sandbox's Python, and tell how they end", async () => {
    const resources = [`arn:aws:s3:::${bucket}/done/*`];
    const role = await roleThatMay(clients, "glue-jobs", "glue", {
      actions: ["s3:PutObject"],
      resources,
    });
    const glue = await jobs("committer", role);
    const inbox = await Inbox.create(clients, "job-states");
    await inbox.listen("job-states", { source: ["aws.glue"], "detail-type": ["Glue Job State Change"] });
    const start = (day: string) =>
      glue.send(new StartJobRunCommand({ JobName: "committer", Arguments: { "--day": day } }));

    const { JobRunId } = await start("monday");
    await expect(start("tuesday")).rejects.toMatchObject({ name: "ConcurrentRunsExceededException" });
    expect(await ended(glue, "committer", JobRunId)).toMatchObject({ JobRunState: "SUCCEEDED" });
    expect((await objects.content("done/monday")).toString()).toBe("default");
    const lines = async (group: string) => {
      const command = new FilterLogEventsCommand({ logGroupName: group });
      return ((await clients.logs.send(command)).events ?? []).map(({ message }) => message);
    };
    expect(await lines("/aws-glue/python-jobs/output")).toEqual([
      expect.stringMatching(/^runs with pyiceberg \d/),
    ]);
    // The role may write below done/ and read nothing.
    expect(await lines("/aws-glue/python-jobs/error")).toEqual(["refused: AccessDenied"]);

    const failing = await start("never");
    expect(await ended(glue, "committer", failing.JobRunId)).toMatchObject({
      JobRunState: "FAILED",
      ErrorMessage: expect.stringContaining("there is no such day") as string,
    });
    const event = await inbox.find<{ detail: Record<string, string> }>(
      "event of the failed run",
      ({ detail }) => detail.state === "FAILED",
    );
    expect(event.detail).toMatchObject({
      jobName: "committer",
      severity: "ERROR",
      jobRunId: failing.JobRunId,
    });
  });
});

const sparkScript = `
import sys
from pyspark.sql import SparkSession

spark = SparkSession.builder.config("spark.sql.sources.partitionOverwriteMode", "dynamic").getOrCreate()
rows = spark.read.json(sys.argv[1])
rows.groupBy("day").count().coalesce(1).write.mode("overwrite").partitionBy("day").parquet(sys.argv[2])
print("counted", rows.count())
spark.stop()
`;

describe("EMR Serverless", () => {
  it("runs a PySpark script on what lies in S3, and puts back what it wrote", async () => {
    const role = await createRole(clients, "spark-jobs", "emr-serverless");
    const emr = new EMRServerlessClient(settings);
    const { applicationId } = await emr.send(
      new CreateApplicationCommand({ name: "features", type: "SPARK", releaseLabel: "emr-7.9.0" }),
    );
    const put = (Key: string, Body: string) =>
      clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    await put("jobs/count.py", sparkScript);
    const lines = ["mon", "mon", "tue"].map((day) => JSON.stringify({ day }));
    await put("curated/flights/a.jsonl", lines.join("\n"));
    const start = (from: string, clientToken: string) =>
      emr.send(
        new StartSparkRunCommand({
          applicationId,
          clientToken,
          executionRoleArn: role,
          jobDriver: {
            sparkSubmit: {
              entryPoint: `s3://${bucket}/jobs/count.py`,
              entryPointArguments: [`s3://${bucket}/${from}`, `s3://${bucket}/features/counts`],
              sparkSubmitParameters: "--conf spark.executor.memory=64g --conf spark.app.name=counts",
            },
          },
        }),
      );
    const run = async (from: string, token: string) => {
      const { jobRunId } = await start(from, token);
      return waitFor(
        "end of the Spark job",
        async () => {
          const { jobRun } = await emr.send(new GetSparkRunCommand({ applicationId, jobRunId }));
          return /^(SUCCESS|FAILED)$/.test(jobRun?.state ?? "") ? jobRun : undefined;
        },
        180,
      );
    };
    const first = await run("curated/flights/", "first");
    expect(first).toMatchObject({ state: "SUCCESS" });
    expect((await start("curated/flights/", "first")).jobRunId).toBe(first.jobRunId);
    const parquet = async () =>
      (await objects.keysBelow("features/counts/")).filter((key) => key.endsWith(".parquet"));
    const before = await parquet();
    expect(before.map((key) => key.split("/").at(-2)).sort()).toEqual(["day=mon", "day=tue"]);

    // A later run replaces the days that it computes, and no other.
    await put("curated/later/b.jsonl", JSON.stringify({ day: "tue" }));
    expect(await run("curated/later/", "second")).toMatchObject({ state: "SUCCESS" });
    const after = await parquet();
    expect(after.filter((key) => before.includes(key)).map((key) => key.split("/").at(-2))).toEqual([
      "day=mon",
    ]);
    expect(await objects.rows(after.filter((key) => key.includes("day=tue")))).toEqual([{ count: "1" }]);

    expect(await run("curated/nowhere/", "third")).toMatchObject({
      state: "FAILED",
      stateDetails: expect.stringMatching(/exit code 1/) as string,
    });
    const { jobRuns = [] } = await emr.send(new ListJobRunsCommand({ applicationId, states: ["SUCCESS"] }));
    expect(jobRuns).toHaveLength(2);
    const printed = await clients.logs.send(
      new FilterLogEventsCommand({ logGroupName: "/aws/emr-serverless" }),
    );
    expect(printed.events?.map(({ message }) => message)).toEqual(
      expect.arrayContaining(["counted 3", "counted 1"]),
    );
  });
});
