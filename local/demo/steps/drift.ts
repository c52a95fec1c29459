import * as fs from "node:fs";
import * as path from "node:path";

import { DescribeAlarmsCommand, StateValue } from "@aws-sdk/client-cloudwatch";

import { ModelPointer } from "../../../components/contracts/model-pointer";
import { eventually, expectThat } from "../check";
import { DemoContext, demoModel } from "../context";
import { runScript } from "../python";
import { download, upload } from "../storage";
import { invoke } from "./retraining";

/** Scores a file of flights with the champion and stores one prediction record for each, as the model server does. */
export async function serveTraffic(
  context: DemoContext,
  file: string,
  champion: ModelPointer,
): Promise<number> {
  const { clients, outputs, folder, python, say } = context;
  const modelFolder = path.join(folder, `model-${champion.version}`);
  const dataFolder = path.join(folder, `traffic-${path.parse(file).name}`);
  for (const made of [modelFolder, dataFolder]) fs.mkdirSync(made, { recursive: true });
  await download(clients.s3, champion.modelDataUrl, path.join(modelFolder, "model.tar.gz"));
  fs.copyFileSync(path.join(folder, file), path.join(dataFolder, file));
  const records = await runScript(python, "score.py", {
    model: modelFolder,
    data: dataFolder,
    name: demoModel,
    version: String(champion.version),
  });
  const [year, month, day, hour] = new Date().toISOString().split(/[-T:]/);
  const key = `${demoModel}/year=${year}/month=${month}/day=${day}/hour=${hour}/${path.parse(file).name}-${Date.now()}.jsonl`;
  await upload(clients.s3, outputs.capturesBucketName, key, records);
  const count = records.trimEnd().split("\n").length;
  say(`${count} predictions of version ${champion.version} captured for ${file}`);
  return count;
}

/** Waits until the alarm that asks for a retraining is in a state. */
export async function expectAlarm({ clients, model, say }: DemoContext, state: StateValue): Promise<void> {
  const alarm = await eventually(
    `the alarm ${model.retrainingAlarmName} to become ${state}`,
    90,
    async () => {
      const { MetricAlarms = [] } = await clients.cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [model.retrainingAlarmName] }),
      );
      return MetricAlarms.find(({ StateValue: value }) => value === state);
    },
  );
  say(`alarm ${state}: ${alarm.StateReason}`);
}

/**
 * Milliseconds until a measurement made now is not one with that of an earlier alarm: CloudWatch keeps one maximum for
 * each period, and a small value beside a large one of the same period is not seen.
 * @param raised when the alarm rose, in milliseconds since 1970
 * @param periodSeconds period of the alarm
 */
export function untilNextPeriod(raised: number, periodSeconds: number, now: number): number {
  const period = periodSeconds * 1000;
  return Math.max(0, (Math.floor(raised / period) + 1) * period - now);
}

/** Lets the period pass in which an earlier run of the demo raised the alarm, so that this run starts from its own. */
export async function letEarlierAlarmPass({ clients, model, say }: DemoContext): Promise<void> {
  const { MetricAlarms = [] } = await clients.cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [model.retrainingAlarmName] }),
  );
  const [alarm] = MetricAlarms;
  if (alarm?.StateValue !== StateValue.ALARM) return;
  const raised = alarm.StateUpdatedTimestamp?.getTime() ?? Date.now();
  const wait = untilNextPeriod(raised, alarm.Period ?? 60, Date.now());
  if (wait === 0) return;
  say(`waiting ${Math.ceil(wait / 1000)} s: an earlier run raised the alarm in this very minute`);
  await new Promise((resolve) => setTimeout(resolve, wait));
}

/** What the drift detector answers. */
interface DriftAnswer {
  status: string;
  summary: string;
  predictions: number;
  threshold: number;
  drift?: number;
}

/** Runs the drift detector on the predictions captured since a moment, as its schedule does. */
async function measureDrift(context: DemoContext, since: Date, predictions: number): Promise<DriftAnswer> {
  const answer = await invoke<DriftAnswer>(context, context.model.monitorFunctionName, {
    windowStart: since.toISOString(),
  });
  expectThat(
    answer.predictions === predictions && answer.drift !== undefined,
    `the detector measures all ${predictions} predictions; it answered: ${answer.summary}`,
  );
  context.say(`detector: ${answer.summary}`);
  return answer;
}

/** Runs the detector and checks that it sees drift above its threshold. */
export async function expectDrift(context: DemoContext, since: Date, predictions: number): Promise<void> {
  const { drift = NaN, threshold } = await measureDrift(context, since, predictions);
  expectThat(drift > threshold, `the index of shifted data is above ${threshold}; it is ${drift}`);
}

/** Runs the detector and checks that it sees no drift above its threshold. */
export async function expectNoDrift(context: DemoContext, since: Date, predictions: number): Promise<void> {
  const { drift = NaN, threshold } = await measureDrift(context, since, predictions);
  expectThat(drift <= threshold, `the index of unshifted data is at most ${threshold}; it is ${drift}`);
}
