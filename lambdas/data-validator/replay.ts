import { DeleteMessageCommand, Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

import type { ReplayReport, ReplayRequest } from "../../components/contracts/dead-letter";

/** Messages of one replay unless the request says otherwise. */
const defaultMessages = 100;
/** SQS gives at most ten at a time. */
const mostAtOnce = 10;
/** A replay stops when the function has less time left, so that a message is not cut off in the middle. */
const enoughMilliseconds = 60_000;

/** What a replay needs. */
export interface ReplayTools {
  sqs: SQSClient;
  /** Queue of the events that failed. */
  queueUrl: string;
  /** Processes one event. @throws when it fails again */
  process: (event: unknown) => Promise<unknown>;
  remainingMilliseconds: () => number;
  /** Told why an event failed again. */
  failed: (error: unknown) => void;
}

/**
 * Processes events that failed again. Those that succeed leave the queue; those that fail stay, and come back once the
 * queue shows them again.
 */
export async function replayEvents({ replay }: ReplayRequest, tools: ReplayTools): Promise<ReplayReport> {
  const most = replay.maximumMessages ?? defaultMessages;
  const report: ReplayReport = { replayed: 0, failedAgain: 0 };
  const seen = new Set<string>();
  while (seen.size < most && tools.remainingMilliseconds() > enoughMilliseconds) {
    const { Messages = [] } = await tools.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: tools.queueUrl,
        MaxNumberOfMessages: Math.min(mostAtOnce, most - seen.size),
      }),
    );
    // A queue without a time of invisibility gives the same ones again.
    const fresh = Messages.filter(({ MessageId = "" }) => !seen.has(MessageId));
    if (fresh.length === 0) break;
    for (const message of fresh) {
      seen.add(message.MessageId ?? "");
      if (await replayed(message, tools)) report.replayed++;
      else report.failedAgain++;
    }
  }
  return report;
}

async function replayed({ Body = "", ReceiptHandle }: Message, tools: ReplayTools): Promise<boolean> {
  try {
    await tools.process(eventOf(Body));
  } catch (error) {
    tools.failed(error);
    return false;
  }
  await tools.sqs.send(new DeleteMessageCommand({ QueueUrl: tools.queueUrl, ReceiptHandle }));
  return true;
}

/** The event itself, or within what Lambda tells a destination about a failure. */
function eventOf(body: string): unknown {
  const message = JSON.parse(body) as { requestPayload?: unknown };
  return message.requestPayload ?? message;
}
