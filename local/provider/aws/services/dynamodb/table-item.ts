import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import { parseDocument } from "../../../shared/compare";
import { orGone } from "../../framework/errors";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";

type Inputs = Plain<aws.dynamodb.TableItemArgs>;
type Item = Record<string, AttributeValue>;

function keyOf(inputs: Pick<Inputs, "hashKey" | "rangeKey">, item: Item): Item {
  const names = [inputs.hashKey, ...(inputs.rangeKey === undefined ? [] : [inputs.rangeKey])];
  return Object.fromEntries(names.map((name) => [name, item[name]!]));
}

/** Empty while a preview does not know the item. */
function keyText(inputs: Partial<Inputs>): string {
  const item = parseDocument(inputs.item ?? "") as Item | undefined;
  return item && inputs.hashKey ? JSON.stringify(keyOf({ ...inputs, hashKey: inputs.hashKey }, item)) : "";
}

/** An id is `table|key as JSON`. */
function parts(id: string): { TableName: string; Key: Item } {
  const bar = id.indexOf("|");
  return { TableName: id.slice(0, bar), Key: JSON.parse(id.slice(bar + 1)) as Item };
}

async function put(inputs: Inputs, context: HandlerContext, conditional: boolean): Promise<void> {
  await context.client(DynamoDBClient).send(
    new PutItemCommand({
      TableName: String(inputs.tableName),
      Item: JSON.parse(inputs.item) as Item,
      // A create never takes over an item that somebody else wrote.
      ...(conditional
        ? {
            ConditionExpression: "attribute_not_exists(#key)",
            ExpressionAttributeNames: { "#key": inputs.hashKey },
          }
        : {}),
    }),
  );
}

export const tableItem = defineResource<aws.dynamodb.TableItemArgs>({
  type: "aws:dynamodb/tableItem:TableItem",
  required: ["tableName", "hashKey", "item"],
  replaceOn: ["tableName", "hashKey", "rangeKey"],
  // An item with another key is another item.
  replacedBy: (olds, news) => (keyText(olds) === keyText(news) ? [] : ["item"]),
  check(inputs) {
    if (typeof inputs.item !== "string" || !inputs.item.startsWith("{")) return [];
    try {
      JSON.parse(inputs.item);
      return [];
    } catch (error) {
      return [{ property: "item", reason: `the item is no JSON object: ${(error as Error).message}` }];
    }
  },
  async create(inputs, context) {
    await put(inputs, context, true);
    return { id: `${String(inputs.tableName)}|${keyText(inputs)}` };
  },
  async read(id, _properties, context) {
    const answer = await orGone(
      context.client(DynamoDBClient).send(new GetItemCommand({ ...parts(id), ConsistentRead: true })),
    );
    return answer?.Item && { tableName: parts(id).TableName, item: JSON.stringify(answer.Item) };
  },
  async update(_id, _olds, news, context) {
    await put(news, context, false);
  },
  async delete(id, _properties, context) {
    await context.client(DynamoDBClient).send(new DeleteItemCommand(parts(id)));
  },
});
