import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";

import { ClaimResult, ClaimStore, RecordClaim } from "./record-claims";

/** Requests at once. */
const atOnce = 50;
const daySeconds = 24 * 3600;

/** Whose claims are made. */
export interface ClaimOwner {
  dataset: string;
  /** Curated key that the records will stand under: a new version of a file replaces the old one with its records. */
  file: string;
  /** Id of this version of the file. */
  delivery: string;
}

/**
 * Claims in a DynamoDB table with the key `id`. A record belongs to the file that claimed it first; the claim is a
 * conditional write, so that of two files at the same time one gets it.
 */
export class DynamoDbClaims implements ClaimStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly owner: ClaimOwner,
    private readonly days: number,
  ) {}

  async claim(claims: readonly RecordClaim[]): Promise<ClaimResult[]> {
    return inParallel(claims, (claim) => this.claimOne(claim));
  }

  async release(claims: readonly RecordClaim[]): Promise<void> {
    await inParallel(claims, ({ key }) => this.releaseOne(key));
  }

  private id(key: string): { id: { S: string } } {
    return { id: { S: `${this.owner.dataset}#${key}` } };
  }

  private async claimOne({ key, content }: RecordClaim): Promise<ClaimResult> {
    const { file, delivery } = this.owner;
    const now = Math.floor(Date.now() / 1000);
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: {
            ...this.id(key),
            owner: { S: file },
            delivery: { S: delivery },
            content: { S: content },
            expiration: { N: String(now + this.days * daySeconds) },
          },
          // DynamoDB removes what is expired up to days later.
          ConditionExpression: "attribute_not_exists(#id) OR #delivery = :delivery OR #expiration < :now",
          ExpressionAttributeNames: { "#id": "id", "#delivery": "delivery", "#expiration": "expiration" },
          ExpressionAttributeValues: { ":delivery": { S: delivery }, ":now": { N: String(now) } },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return ClaimResult.Own;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const taken = error.Item;
      if (taken?.owner?.S === file) return ClaimResult.Own;
      return taken?.content?.S === content ? ClaimResult.Duplicate : ClaimResult.Conflict;
    }
  }

  private async releaseOne(key: string): Promise<void> {
    try {
      await this.client.send(
        new DeleteItemCommand({
          TableName: this.table,
          Key: this.id(key),
          ConditionExpression: "#delivery = :delivery",
          ExpressionAttributeNames: { "#delivery": "delivery" },
          ExpressionAttributeValues: { ":delivery": { S: this.owner.delivery } },
        }),
      );
    } catch (error) {
      // Someone else's, or gone already.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
