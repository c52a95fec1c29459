import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ExecutionAlreadyExists, SFNClient } from "@aws-sdk/client-sfn";

import type { RetrainingDecision } from "../../../components/contracts/retraining";
import { FakeAws, lambdaContext, loadHandler } from "../fake-aws";

jest.spyOn(console, "log").mockImplementation(() => undefined);
const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:delays";
const handler = loadHandler<(event: unknown, context: never) => Promise<RetrainingDecision>>(
  "retraining-controller",
  {
    MODEL_NAME: "delays",
    STATE_MACHINE_ARN: stateMachineArn,
    DECISIONS_TABLE: "decisions",
    DATA_URI: "s3://curated/flights/",
    COOL_DOWN_SECONDS: "3600",
    DAILY_CAP: "2",
  },
);

type Value = { S?: string; N?: string; L?: { S: string }[]; BOOL?: boolean };
type Item = Record<string, Value>;

/** A table with the lock and the decisions, which behaves as DynamoDB does for the controller's requests. */
class FakeTable {
  readonly items = new Map<string, Item>();

  update({ Key, UpdateExpression, ExpressionAttributeValues }: Record<string, unknown>): unknown {
    const id = (Key as Item).id?.S ?? "";
    const values = (ExpressionAttributeValues ?? {}) as Item;
    const item = { ...this.items.get(id), id: { S: id } } as Item;
    const expression = UpdateExpression as string;
    if (expression.startsWith("SET lockOwner")) {
      if (item.lockedUntil !== undefined && Number(item.lockedUntil.N) >= Number(values[":now"]?.N))
        throw refused();
      Object.assign(item, { lockOwner: values[":owner"], lockedUntil: values[":until"] });
    } else if (expression.startsWith("REMOVE")) {
      if (item.lockOwner?.S !== values[":owner"]?.S) throw refused();
      delete item.lockOwner;
      delete item.lockedUntil;
    } else if (expression.startsWith("ADD duplicates")) {
      item.duplicates = { N: String(Number(item.duplicates?.N ?? 0) + 1) };
    } else {
      item.recentStarts = values[":starts"] as Value;
    }
    this.items.set(id, item);
    return { Attributes: item };
  }

  decision(key: string): Item | undefined {
    return this.items.get(`decision ${key}`);
  }
}

const refused = (): Error => new ConditionalCheckFailedException({ message: "refused", $metadata: {} });

let table: FakeTable;
let running: string[];
let start: (input: Record<string, unknown>) => unknown;
let aws: FakeAws;

beforeEach(() => {
  table = new FakeTable();
  running = [];
  start = ({ name }) => {
    running.push(name as string);
    return { executionArn: `${stateMachineArn.replace("stateMachine", "execution")}:${name as string}` };
  };
  aws = new FakeAws({
    UpdateItemCommand: (input) => table.update(input),
    GetItemCommand: ({ Key }) => ({ Item: table.items.get((Key as Item).id?.S ?? "") }),
    PutItemCommand: ({ Item }) => void table.items.set((Item as Item).id?.S ?? "", Item as Item),
    TransactWriteItemsCommand: ({ TransactItems }) => {
      for (const { Put, Update } of TransactItems as {
        Put?: { Item: Item };
        Update?: Record<string, unknown>;
      }[]) {
        if (Put !== undefined) table.items.set(Put.Item.id?.S ?? "", Put.Item);
        if (Update !== undefined) table.update(Update);
      }
    },
    ListExecutionsCommand: () => ({ executions: running.map((name) => ({ name })) }),
    StartExecutionCommand: (input) => start(input),
  }).replace(DynamoDBClient, SFNClient);
});

const ask = (idempotencyKey: string): Promise<RetrainingDecision> =>
  handler({ trigger: "manual", idempotencyKey, reason: "because" }, lambdaContext);

test("starts a run, and keeps the decision with its execution", async () => {
  const decision = await ask("ticket");
  expect(decision).toMatchObject({ started: true, outcome: "started", trigger: "manual", reason: "because" });
  const [input] = aws.inputsOf("StartExecutionCommand");
  expect(JSON.parse(input?.input as string)).toEqual({ trigger: "manual", dataUri: "s3://curated/flights/" });
  expect(input?.name).toMatch(/^manual-[0-9a-f]{12}$/);
  const kept = table.decision("ticket");
  expect(kept).toMatchObject({
    outcome: { S: "started" },
    executionArn: { S: decision.executionArn },
    started: { BOOL: true },
    requestedAt: { S: decision.requestedAt },
  });
  const keptDays = (Number(kept?.expiresAt?.N) * 1000 - Date.now()) / 86_400_000;
  expect(Math.round(keptDays)).toBe(400);
});

test("the same request again is a duplicate: nothing starts and the first decision stays", async () => {
  await ask("ticket");
  running = [];
  expect((await ask("ticket")).outcome).toBe("duplicate");
  expect(aws.inputsOf("StartExecutionCommand")).toHaveLength(1);
  expect(table.decision("ticket")).toMatchObject({ outcome: { S: "started" }, duplicates: { N: "1" } });
});

test("another request while a run is in flight is refused, and so is one in the cool-down after it", async () => {
  await ask("first");
  expect(await ask("second")).toMatchObject({ outcome: "in-flight", started: false });
  running = [];
  expect((await ask("third")).outcome).toBe("cool-down");
  expect(table.decision("third")).toMatchObject({ outcome: { S: "cool-down" }, started: { BOOL: false } });
  expect(aws.inputsOf("StartExecutionCommand")).toHaveLength(1);
});

test("50 requests at once start one run", async () => {
  const settled = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => ask(`storm-${i}`)));
  expect(aws.inputsOf("StartExecutionCommand")).toHaveLength(1);
  const outcomes = settled.map((end) =>
    end.status === "fulfilled" ? end.value.outcome : "tried again later",
  );
  expect(outcomes.filter((outcome) => outcome === "started")).toHaveLength(1);
  expect(table.items.get("state")?.lockOwner).toBeUndefined();
});

test("a start that fails leaves no decision and no lock, and the retry starts the run", async () => {
  const works = start;
  start = () => {
    throw new Error("throttled");
  };
  await expect(ask("ticket")).rejects.toThrow("throttled");
  expect(table.decision("ticket")).toBeUndefined();
  expect(table.items.get("state")?.lockOwner).toBeUndefined();
  start = works;
  expect((await ask("ticket")).outcome).toBe("started");
});

test("a retry after the start and before the record finds its own run, and does not count it against itself", async () => {
  await ask("ticket");
  const [name] = running;
  table.items.clear();
  const again = await ask("ticket");
  expect(again).toMatchObject({ outcome: "started" });
  expect(running).toEqual([name, name]);
});

test("a run of that name which ended already is the request's own", async () => {
  start = () => {
    throw new ExecutionAlreadyExists({ message: "exists", $metadata: {} });
  };
  expect((await ask("ticket")).executionArn).toMatch(
    /^arn:aws:states:eu-west-1:123456789012:execution:delays:manual-[0-9a-f]{12}$/,
  );
});

test("a lock that a dead call left behind is taken once its time is over, and not before", async () => {
  const until = (time: number): void =>
    void table.items.set("state", {
      id: { S: "state" },
      lockOwner: { S: "dead" },
      lockedUntil: { N: String(time) },
    });
  until(Date.now() + 60_000);
  await expect(ask("early")).rejects.toThrow(
    "Another retraining decision of delays is under way; try again.",
  );
  expect(table.items.get("state")?.lockOwner).toEqual({ S: "dead" });
  until(Date.now() - 1);
  expect((await ask("late")).outcome).toBe("started");
});

test("an alarm without data is refused and remembered", async () => {
  const decision = await handler(
    {
      source: "aws.cloudwatch",
      "detail-type": "CloudWatch Alarm State Change",
      detail: {
        alarmName: "drift",
        state: { value: "ALARM", reason: "no datapoints were received", reasonData: "{}", timestamp: "t" },
      },
    },
    lambdaContext,
  );
  expect(decision).toMatchObject({ outcome: "no-data", started: false, trigger: "drift" });
  expect(table.decision("drift t")).toMatchObject({ outcome: { S: "no-data" } });
});
