import {
  AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";

import type { RetrainingDecision } from "../../components/contracts/retraining";

/** Decisions are kept for a year and a month, so that an audit finds the year before. */
const keptSeconds = 400 * 24 * 3600;
/** Enough for every daily cap that makes sense; an item has a size limit. */
const rememberedStarts = 100;
/** Key of the item that serializes decisions and remembers the latest starts. */
const stateKey: Record<string, AttributeValue> = { id: { S: "state" } };
const decisionKey = (idempotencyKey: string): Record<string, AttributeValue> => ({
  id: { S: `decision ${idempotencyKey}` },
});

/** The table of decisions with its lock. */
export class DecisionsTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /**
   * Takes the lock, or a lock whose holder has not come back in its time.
   * @returns the times of the latest starts, or undefined when another holds the lock
   */
  async lock(owner: string, now: Date, leaseMilliseconds: number): Promise<Date[] | undefined> {
    try {
      const { Attributes: item } = await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: stateKey,
          UpdateExpression: "SET lockOwner = :owner, lockedUntil = :until",
          ConditionExpression: "attribute_not_exists(lockedUntil) OR lockedUntil < :now",
          ExpressionAttributeValues: {
            ":owner": { S: owner },
            ":until": { N: String(now.getTime() + leaseMilliseconds) },
            ":now": { N: String(now.getTime()) },
          },
          ReturnValues: "ALL_NEW",
        }),
      );
      return (item?.recentStarts?.L ?? []).map(({ S: time = "" }) => new Date(time));
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  /** Gives the lock back, if it is still the owner's. */
  async unlock(owner: string): Promise<void> {
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: stateKey,
          UpdateExpression: "REMOVE lockOwner, lockedUntil",
          ConditionExpression: "lockOwner = :owner",
          ExpressionAttributeValues: { ":owner": { S: owner } },
        }),
      );
    } catch (error) {
      // The lease ran out and another took the lock: it is no longer ours to give back.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** Whether a request was decided before. */
  async isDecided(idempotencyKey: string): Promise<boolean> {
    const { Item: item } = await this.client.send(
      new GetItemCommand({
        TableName: this.tableName,
        Key: decisionKey(idempotencyKey),
        ConsistentRead: true,
      }),
    );
    return item !== undefined;
  }

  /** Counts a request that came again; the decision itself stays as it was. */
  async countDuplicate(idempotencyKey: string): Promise<void> {
    await this.client.send(
      new UpdateItemCommand({
        TableName: this.tableName,
        Key: decisionKey(idempotencyKey),
        UpdateExpression: "ADD duplicates :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      }),
    );
  }

  /** Keeps a decision, and with it in one step the time of the run that it started. */
  async record(decision: RetrainingDecision, recentStarts: readonly Date[], now: Date): Promise<void> {
    const put = { TableName: this.tableName, Item: toItem(decision, now) };
    if (!decision.started) {
      await this.client.send(new PutItemCommand(put));
      return;
    }
    const starts = [...recentStarts, now]
      .slice(-rememberedStarts)
      .map((start) => ({ S: start.toISOString() }));
    await this.client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: put },
          {
            Update: {
              TableName: this.tableName,
              Key: stateKey,
              UpdateExpression: "SET recentStarts = :starts",
              ExpressionAttributeValues: { ":starts": { L: starts } },
            },
          },
        ],
      }),
    );
  }
}

function toItem(decision: RetrainingDecision, now: Date): Record<string, AttributeValue> {
  return {
    ...decisionKey(decision.idempotencyKey),
    model: { S: decision.model },
    requestedAt: { S: decision.requestedAt },
    trigger: { S: decision.trigger },
    idempotencyKey: { S: decision.idempotencyKey },
    started: { BOOL: decision.started },
    outcome: { S: decision.outcome },
    reason: { S: decision.reason },
    ...(decision.executionArn === undefined ? {} : { executionArn: { S: decision.executionArn } }),
    expiresAt: { N: String(Math.floor(now.getTime() / 1000) + keptSeconds) },
  };
}
