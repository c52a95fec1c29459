/**
 * A small lake with a source of every kind that the sandbox carries: `run-ingestion.ts <project root> <sandbox> <up|down>
 * <address of the API>`. The last line it prints is the outputs, or the error, as JSON.
 */
import {
  ApiSource,
  DataLake,
  DataValidator,
  DeviceSource,
  KinesisSource,
  QueueSource,
} from "../../../components";
import { ColumnType, type DataContract } from "../../../components/contracts/data-contract";
import { DataClassification } from "../../../components/contracts/source";
import { deployLocal, openLocalStack, startSandbox, withEngine } from "../../../local/engine/session";
import { stopEmulators } from "../../../local/emulators";
import { Sandbox } from "../../../local/sandbox";

const [projectRoot, name, action, apiAddress = ""] = process.argv.slice(2);
const say = (line: string) => console.error(line);

const contract: DataContract = {
  dataset: "readings",
  version: "1",
  primaryKey: ["station", "reading"],
  maximumBadRowShare: 1,
  columns: [
    { name: "station", type: ColumnType.String },
    { name: "reading", type: ColumnType.Integer },
    { name: "measured_at", type: ColumnType.Timestamp },
    { name: "temperature", type: ColumnType.Number, minimum: -60, maximum: 60, nullable: true },
  ],
};

async function program() {
  const lake = new DataLake("lake", { forceDestroy: true });
  const raw = { rawBucketName: lake.rawBucketName, rawBucketArn: lake.rawBucketArn };
  const validator = new DataValidator("readings", {
    ...raw,
    contract: JSON.stringify(contract),
    curatedBucketName: lake.curatedBucketName,
    curatedBucketArn: lake.curatedBucketArn,
    quarantineBucketName: lake.quarantineBucketName,
    quarantineBucketArn: lake.quarantineBucketArn,
    recordDeduplicationDays: 1,
  });
  const source = {
    ...raw,
    owner: "weather-team",
    dataset: contract.dataset,
    classification: DataClassification.Internal,
  };
  const queue = new QueueSource("by-queue", { ...source, batchingWindowSeconds: 0 });
  const device = new DeviceSource("by-device", { ...source, topicFilter: "stations/+/readings" });
  const stream = new KinesisSource("by-stream", {
    ...source,
    contract: JSON.stringify(contract),
    databaseName: lake.databaseName,
    forceDestroy: true,
  });
  const api = new ApiSource("by-api", { ...source, url: apiAddress, recordsPath: "readings" });
  return {
    ...raw,
    validatorName: validator.functionName,
    curatedBucketName: lake.curatedBucketName,
    quarantineBucketName: lake.quarantineBucketName,
    queueUrl: queue.queueUrl,
    streamName: stream.streamName,
    pollerName: api.functionName,
    deadLetterQueueUrls: [queue, device, api].map((each) => each.deadLetterQueueUrl),
    deadLetterUri: stream.deadLetterUri,
    replayNames: { queue: queue.replayFunctionName, stream: stream.replayFunctionName },
  };
}

async function main(): Promise<unknown> {
  const sandbox = await Sandbox.open({ name, projectRoot });
  if (action === "down") return { stopped: await stopEmulators(sandbox) };
  return withEngine(sandbox, say, async () => {
    const started = await startSandbox(sandbox, { providers: ["aws"] }, say);
    const { stack } = await openLocalStack(started, { program, progress: say });
    const { counts } = await deployLocal(sandbox, stack, { progress: say });
    const outputs = await stack.outputs();
    return {
      counts,
      gatewayUrl: sandbox.gatewayUrl,
      ...Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown])),
    };
  });
}

main().then(
  (result) => {
    console.log(JSON.stringify(result));
    process.exit();
  },
  (error: Error) => {
    console.log(JSON.stringify({ error: error.message }));
    process.exit(1);
  },
);
