import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand } from "@aws-sdk/client-lambda";

import { RetrainingDecision, RetrainingRequest } from "../../../components/contracts/retraining";
import { eventually, expectThat } from "../check";
import { DemoContext } from "../context";

/**
 * Calls a Lambda function and waits for its answer.
 * @throws SandboxError when the function fails
 */
export async function invoke<T>(
  { clients }: DemoContext,
  functionName: string,
  payload: unknown,
): Promise<T> {
  const { FunctionError, Payload } = await clients.lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }),
  );
  const text = Payload?.transformToString() ?? "null";
  expectThat(FunctionError === undefined, `the Lambda ${functionName} succeeds; it answered ${text}`);
  return JSON.parse(text) as T;
}

/** Asks the controller for a training. @returns the run that it started */
export async function requestTraining(context: DemoContext, request: RetrainingRequest): Promise<string> {
  const decision = await invoke<RetrainingDecision>(context, context.model.retrainingFunctionName, request);
  context.say(`controller: ${decision.outcome} (${decision.trigger}: ${decision.reason})`);
  expectThat(
    decision.executionArn !== undefined,
    `the controller starts a run; it decided ${decision.outcome}`,
  );
  return decision.executionArn ?? "";
}

/** Waits for a decision of the controller that was made after a moment for a trigger. */
export async function expectDecision(context: DemoContext, trigger: string, since: Date): Promise<string> {
  const { clients, model, say } = context;
  const decision = await eventually(`a run started by the trigger ${trigger}`, 90, async () => {
    const { Items = [] } = await clients.dynamodb.send(
      new ScanCommand({ TableName: model.decisionsTableName }),
    );
    return Items.map((item) => ({
      trigger: item.trigger?.S,
      outcome: item.outcome?.S,
      reason: item.reason?.S,
      requestedAt: item.requestedAt?.S ?? "",
      executionArn: item.executionArn?.S,
    })).find((item) => item.trigger === trigger && item.executionArn && new Date(item.requestedAt) >= since);
  });
  say(`controller: ${decision.outcome} (${decision.trigger}: ${decision.reason})`);
  return decision.executionArn ?? "";
}
