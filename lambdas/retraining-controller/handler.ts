import { setTimeout as sleep } from "node:timers/promises";

import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import type { Context } from "aws-lambda";

import type { RetrainingDecision } from "../../components/contracts/retraining";
import { readEnvironment } from "../shared/environment";
import { control, ControllerTarget, DecisionUnderWay } from "./control";
import { DecisionsTable } from "./decisions-table";
import { ControllerRequest, toRequest } from "./request";
import { settingsSchema } from "./settings";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({ namespace: "mlops/retraining" });
const table = new DecisionsTable(new DynamoDBClient({}), settings.DECISIONS_TABLE);
const stepFunctions = new SFNClient({});
const target: ControllerTarget = {
  model: settings.MODEL_NAME,
  stateMachineArn: settings.STATE_MACHINE_ARN,
  dataUri: settings.DATA_URI,
  limits: { coolDownSeconds: settings.COOL_DOWN_SECONDS, dailyCap: settings.DAILY_CAP },
};
const lockAttempts = 5;
const lockPauseMilliseconds = 400;

/**
 * Decides on a request for retraining and leaves a record of it.
 * @param event - "CloudWatch Alarm State Change" to ALARM, or a `RetrainingRequest`
 * @throws Error for an event that is neither, and for every fault of a service, so that the event is tried again
 */
export async function handler(event: unknown, context: Context): Promise<RetrainingDecision> {
  logger.addContext(context);
  const decision = await controlPatiently(toRequest(event));
  logger.info("A retraining was decided", { decision });
  metrics.addDimension("Model", settings.MODEL_NAME);
  metrics.addDimension("Outcome", decision.outcome);
  metrics.addMetric("RetrainingDecisions", MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return decision;
}

/** A decision takes a moment; two triggers at once need not send one of them through the queue of retries. */
async function controlPatiently(request: ControllerRequest): Promise<RetrainingDecision> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await control(request, target, table, stepFunctions, new Date());
    } catch (error) {
      if (!(error instanceof DecisionUnderWay) || attempt === lockAttempts) throw error;
      await sleep(lockPauseMilliseconds);
    }
  }
}
