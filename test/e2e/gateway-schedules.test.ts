/** What schedules send and call. */
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  createRole,
  Inbox,
  RunningGateway,
  TestClients,
  waitFor,
  roleThatMay,
} from "../local/gateway/support/running-gateway";
import { Objects } from "../local/gateway/support/objects";

const bucket = "gateway-schedules";
let running: RunningGateway;
let clients: TestClients;
let settings: ReturnType<RunningGateway["settings"]>;
let objects: Objects;

jest.setTimeout(10 * 60_000);

beforeAll(async () => {
  running = await RunningGateway.start();
  clients = running.clients();
  settings = running.settings();
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  objects = new Objects(clients, bucket);
});

afterAll(async () => {
  await running.stop();
});

describe("EventBridge Scheduler", () => {
  const soon = (): string => `at(${new Date(Date.now() + 1000).toISOString().slice(0, 19)})`;

  it("fills in the context attributes, so that two runs are told apart", async () => {
    const role = await createRole(clients, "schedules", "scheduler");
    const inbox = await Inbox.create(clients, "schedules");
    const scheduler = new SchedulerClient(settings);
    const expression = soon();
    for (const Name of ["first", "second"]) {
      await scheduler.send(
        new CreateScheduleCommand({
          Name,
          ScheduleExpression: expression,
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: {
            Arn: inbox.arn,
            RoleArn: role,
            Input: JSON.stringify({
              name: Name,
              schedule: "<aws.scheduler.schedule-arn>",
              time: "<aws.scheduler.scheduled-time>",
              execution: "<aws.scheduler.execution-id>",
              attempt: "<aws.scheduler.attempt-number>",
            }),
          },
        }),
      );
    }
    const messageOf = (wanted: string) =>
      inbox.find<Record<string, string>>(`message of the schedule ${wanted}`, ({ name }) => name === wanted);
    const [first, second] = [await messageOf("first"), await messageOf("second")];
    expect(first).toMatchObject({
      schedule: expect.stringMatching(/^arn:aws:scheduler:.*\/first$/) as string,
      time: `${expression.slice(3, -1)}Z`,
      attempt: "1",
    });
    expect(first.execution).not.toBe(second.execution);
  });

  it("calls any operation as the schedule's role, and keeps what was refused in the dead-letter queue", async () => {
    const parameter = `arn:aws:s3:::${bucket}/scheduled/*`;
    const role = await roleThatMay(clients, "universal", "scheduler", {
      actions: ["s3:PutObject"],
      resources: [parameter],
    });
    const undelivered = await Inbox.create(clients, "undelivered");
    const scheduler = new SchedulerClient(settings);
    const put = (Name: string, key: string) =>
      scheduler.send(
        new CreateScheduleCommand({
          Name,
          ScheduleExpression: soon(),
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: {
            Arn: "arn:aws:scheduler:::aws-sdk:s3:putObject",
            RoleArn: role,
            Input: JSON.stringify({ Bucket: bucket, Key: key, Body: "<aws.scheduler.scheduled-time>" }),
            DeadLetterConfig: { Arn: undelivered.arn },
          },
        }),
      );
    await put("allowed", "scheduled/one");
    await put("refused", "elsewhere/one");
    const keys = await waitFor("object that the schedule writes", async () => {
      const found = await objects.keysBelow("scheduled/");
      return found.length > 0 ? found : undefined;
    });
    expect((await objects.content(keys[0]!)).toString()).toMatch(/^\d{4}-\d\d-\d\dT/);
    const letter = await undelivered.find<Record<string, string>>("dead letter", () => true);
    expect(letter.Key).toBe("elsewhere/one");
    expect(await objects.keysBelow("elsewhere/")).toEqual([]);
  });
});
