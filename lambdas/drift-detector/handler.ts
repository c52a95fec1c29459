import { Logger } from "@aws-lambda-powertools/logger";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Context } from "aws-lambda";
import { z } from "zod";

import { readEnvironment } from "../shared/environment";
import { writeText } from "../shared/objects";
import { s3Uri } from "../shared/s3-uri";
import { metricDatum, metricValues } from "./metric-data";
import { observe } from "./observe";
import { DriftReport, renderHtml } from "./report";
import { settingsSchema } from "./settings";
import { windowOf } from "./window";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const clients = { s3: new S3Client({}), ssm: new SSMClient({}) };
const cloudWatch = new CloudWatchClient({});

const time = z.iso.datetime({ offset: true });
const requestSchema = z.object({ windowStart: time.optional(), windowEnd: time.optional() });

/** What an invocation answers. */
export interface DetectorAnswer extends Omit<DriftReport, "features"> {
  /** S3 URI of the whole report in JSON; the page for people lies beside it with the ending `.html`. */
  reportUri: string;
}

/**
 * Measures drift, leaves a report and emits the model's metrics. The heartbeat comes last: it says that a run finished.
 * @param event - a schedule's event, or `{ windowStart?, windowEnd? }` (ISO 8601) to look at another window; the
 * metrics always carry the present time, so that such a run moves the alarms too
 */
export async function handler(event: unknown, context: Context): Promise<DetectorAnswer> {
  logger.addContext(context);
  const now = new Date();
  const window = windowOf(requestSchema.parse(event ?? {}), settings.WINDOW_HOURS, now);
  const report = await observe(window, clients, settings);
  const reportUri = await storeReport(report, now);
  await emit(report, now);
  const answer: DetectorAnswer & { features?: unknown } = { ...report, reportUri };
  delete answer.features;
  logger.info(report.summary, { answer });
  return answer;
}

async function storeReport(report: DriftReport, now: Date): Promise<string> {
  const key = `${settings.MODEL_NAME}/reports/${now.toISOString()}`;
  const bucket = settings.CAPTURES_BUCKET;
  await writeText(
    clients.s3,
    { bucket, key: `${key}.json` },
    JSON.stringify(report, null, 2),
    "application/json",
  );
  await writeText(clients.s3, { bucket, key: `${key}.html` }, renderHtml(report), "text/html; charset=utf-8");
  return s3Uri({ bucket, key: `${key}.json` });
}

async function emit(report: DriftReport, now: Date): Promise<void> {
  for (const value of metricValues(report, settings.METRICS)) {
    await cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: value.metric.namespace,
        MetricData: [metricDatum(value, now)],
      }),
    );
  }
}
