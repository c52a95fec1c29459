import {
  AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";

import { activeFeatures, FeatureEntity, FeatureView } from "../../components/contracts/feature-definition";
import { encodeValue, entityId, feastTime } from "./feast-encoding";
import { OnlineRow, OnlineStore, PutOutcome } from "./online-store";

/**
 * Attribute with the second at which DynamoDB may forget an item; the component sets it as the table's time to live.
 * Feast ignores attributes that it does not know.
 */
export const expiryAttribute = "expires_at";
/** Attribute with the microseconds at which the row was written, to tell rows of one event time apart. */
const writtenAttribute = "written_us";

/** An online table as Feast lays it out. */
export class FeastOnlineStore implements OnlineStore {
  readonly place;

  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
    private readonly view: FeatureView,
    private readonly entity: FeatureEntity,
  ) {
    this.place = { namespace: "dynamodb", name: tableName };
  }

  async put(row: OnlineRow): Promise<PutOutcome> {
    const command = new PutItemCommand({
      TableName: this.tableName,
      Item: this.item(row),
      ConditionExpression:
        "attribute_not_exists(entity_id) OR event_ts < :event OR (event_ts = :event AND (attribute_not_exists(written_us) OR written_us < :written))",
      ExpressionAttributeValues: {
        ":event": { S: feastTime(row.eventTime) },
        ":written": { N: String(row.writtenTime) },
      },
    });
    try {
      await this.client.send(command);
      return PutOutcome.Written;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return PutOutcome.Older;
      throw error;
    }
  }

  private item({ values, eventTime, writtenTime }: OnlineRow): Record<string, AttributeValue> {
    const features = activeFeatures(this.view).map(({ name, type }): [string, AttributeValue] => [
      name,
      { B: encodeValue(type, values[name] ?? null) },
    ]);
    const { ttlSeconds } = this.view;
    return {
      entity_id: { S: entityId(this.entity.joinKeys, values) },
      event_ts: { S: feastTime(eventTime) },
      values: { M: Object.fromEntries(features) },
      [writtenAttribute]: { N: String(writtenTime) },
      ...(ttlSeconds === undefined
        ? {}
        : { [expiryAttribute]: { N: String(eventTime / 1_000_000n + BigInt(ttlSeconds)) } }),
    };
  }
}
