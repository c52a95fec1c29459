import {
  AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";

import { LineageEventType } from "../../components/contracts/lineage-event";
import { Direction, GraphEdge, GraphNode, GraphStore } from "./graph";

/** Sort key of the item that describes a node; those of its edges begin with `in` or `out`. */
const nodeKey = "node";
const prefixOf: Record<Direction, string> = { [Direction.Upstream]: "in ", [Direction.Downstream]: "out " };

/** The graph in DynamoDB: an item per node, and two per edge, one at each end, so that both directions are one query. */
export class GraphTable implements GraphStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** A run that ended stays ended, however late its START arrives. */
  async putNode({ id, kind, job, state, time }: GraphNode): Promise<void> {
    const unlessEnded = "(attribute_not_exists(#state) OR #state = :start) AND #time <= :time";
    const started = state === LineageEventType.Start;
    await this.putIf(
      started ? unlessEnded : "#time <= :time",
      {
        node: { S: id },
        edge: { S: nodeKey },
        kind: { S: kind },
        time: { S: time },
        ...(job === undefined ? {} : { job: { S: job } }),
        ...(state === undefined ? {} : { state: { S: state } }),
      },
      started ? { "#state": "state" } : {},
      started ? { ":start": { S: LineageEventType.Start } } : {},
    );
  }

  async putEdge({ from, to, time }: GraphEdge): Promise<void> {
    const ends = { from: { S: from }, to: { S: to }, time: { S: time } };
    const earlier = "#time > :time";
    await this.putIf(earlier, { node: { S: from }, edge: { S: `out ${to}` }, ...ends });
    await this.putIf(earlier, { node: { S: to }, edge: { S: `in ${from}` }, ...ends });
  }

  async getNode(id: string): Promise<GraphNode | undefined> {
    const { Item: item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: { node: { S: id }, edge: { S: nodeKey } } }),
    );
    if (item === undefined) return undefined;
    return {
      id,
      kind: item.kind?.S as GraphNode["kind"],
      time: item.time?.S ?? "",
      ...(item.job?.S === undefined ? {} : { job: item.job.S }),
      ...(item.state?.S === undefined ? {} : { state: item.state.S as LineageEventType }),
    };
  }

  async edgesOf(id: string, direction: Direction, limit: number): Promise<GraphEdge[]> {
    const edges: GraphEdge[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.tableName,
          KeyConditionExpression: "#node = :node AND begins_with(#edge, :prefix)",
          ExpressionAttributeNames: { "#node": "node", "#edge": "edge" },
          ExpressionAttributeValues: { ":node": { S: id }, ":prefix": { S: prefixOf[direction] } },
          Limit: limit - edges.length,
          ExclusiveStartKey: start,
        }),
      );
      for (const { from, to, time } of page.Items ?? []) {
        edges.push({ from: from?.S ?? "", to: to?.S ?? "", time: time?.S ?? "" });
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined && edges.length < limit);
    return edges;
  }

  /** Stores an item that is new, or whose earlier version meets the condition. */
  private async putIf(
    condition: string,
    item: Record<string, AttributeValue> & { time: AttributeValue },
    names: Record<string, string> = {},
    values: Record<string, AttributeValue> = {},
  ): Promise<void> {
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: item,
          ConditionExpression: `attribute_not_exists(#node) OR (${condition})`,
          ExpressionAttributeNames: { "#node": "node", "#time": "time", ...names },
          ExpressionAttributeValues: { ":time": item.time, ...values },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
