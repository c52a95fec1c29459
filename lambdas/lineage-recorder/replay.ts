import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

import type { ReplayReport } from "../../components/contracts/dead-letter";

const mostAtOnce = 10;

/**
 * Processes the events of a dead-letter queue again. What fails again stays in the queue, which hides it
 * until this call has ended.
 * @param process - takes an event as it came to the function
 */
export async function replay(
  sqs: SQSClient,
  queueUrl: string,
  maximumMessages: number,
  process: (event: unknown) => Promise<void>,
): Promise<ReplayReport> {
  const report: ReplayReport = { replayed: 0, failedAgain: 0 };
  while (report.replayed + report.failedAgain < maximumMessages) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(mostAtOnce, maximumMessages - report.replayed - report.failedAgain),
      }),
    );
    if (messages.length === 0) break;
    for (const { Body: body = "", ReceiptHandle: handle = "" } of messages) {
      try {
        await process(JSON.parse(body));
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
        report.replayed += 1;
      } catch {
        report.failedAgain += 1;
      }
    }
  }
  return report;
}
