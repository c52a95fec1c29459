import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";

import type { LoopWatch } from "./pagination";

/** A walk through the pages of an API that has not come to its end. */
export interface Walk {
  /** ISO 8601; the day is a folder of the walk's objects. */
  startedAt: string;
  /** Of the configuration that the token belongs to. */
  requestHash: string;
  /** Of the next page; undefined for the first. */
  token?: string;
  /** Highest value of the growing field so far. */
  highest?: string;
  loop?: LoopWatch;
}

/** How far a source is read. */
export interface Position {
  /** Highest value of the growing field over all walks that came to their end. */
  since?: string;
  walk?: Walk;
}

/** What is kept about a source between two calls. */
export interface PollState {
  /** Grows with each saved position. */
  version: number;
  position: Position;
  /** State of the circuit breaker. */
  circuit?: string;
  /** Milliseconds since 1970 before which the service does not want to be asked. */
  resumeAfter: number;
  /** Hash of the response that went to the dead letters last. */
  unusableResponse?: string;
}

/** What is kept beside the position; of two calls at once the later one counts. */
export type Notes = Partial<Pick<PollState, "circuit" | "resumeAfter" | "unusableResponse">>;

/** The item of one source in the table of states. */
export class StateTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
    private readonly source: string,
  ) {}

  /** What is known; the beginning of everything where nothing is. */
  async load(): Promise<PollState> {
    const { Item: item = {} } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: this.key, ConsistentRead: true }),
    );
    return {
      version: Number(item.version?.N ?? 0),
      position: JSON.parse(item.position?.S ?? "{}") as Position,
      circuit: item.circuit?.S,
      resumeAfter: Number(item.resumeAfter?.N ?? 0),
      unusableResponse: item.unusableResponse?.S,
    };
  }

  /**
   * Saves a position if nobody else has saved one since.
   * @param version - of the position that this one follows
   * @returns whether it was saved
   */
  async savePosition(version: number, position: Position, now: Date): Promise<boolean> {
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: this.key,
          UpdateExpression: "SET version = :next, #position = :position, updatedAt = :now",
          ConditionExpression: version === 0 ? "attribute_not_exists(version)" : "version = :version",
          ExpressionAttributeNames: { "#position": "position" },
          ExpressionAttributeValues: {
            ":next": { N: String(version + 1) },
            ":position": { S: JSON.stringify(position) },
            ":now": { S: now.toISOString() },
            ...(version === 0 ? {} : { ":version": { N: String(version) } }),
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** Keeps what stands beside the position. */
  async note({ circuit, resumeAfter, unusableResponse }: Notes): Promise<void> {
    const values = {
      ...(circuit === undefined ? {} : { circuit: { S: circuit } }),
      ...(resumeAfter === undefined ? {} : { resumeAfter: { N: String(resumeAfter) } }),
      ...(unusableResponse === undefined ? {} : { unusableResponse: { S: unusableResponse } }),
    };
    const names = Object.keys(values);
    await this.client.send(
      new UpdateItemCommand({
        TableName: this.tableName,
        Key: this.key,
        UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(", ")}`,
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [`:${name}`, value]),
        ),
      }),
    );
  }

  private get key(): { id: { S: string } } {
    return { id: { S: this.source } };
  }
}
