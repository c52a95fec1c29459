import {
  DeleteModelPackageCommand,
  ListModelPackagesCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type { Stack } from "@pulumi/pulumi/automation";
import { emptyRegistry } from "../../../local/engine/empty-registry";
import type { Sandbox } from "../../../local/sandbox";

const sandbox = { gatewayUrl: "http://127.0.0.1:1", region: "eu-central-1" } as unknown as Sandbox;
const type = "aws:sagemaker/modelPackageGroup:ModelPackageGroup";
const resources = [{ urn: "urn:models", type, custom: true, id: "models" }];
const stack = {
  exportStack: () => Promise.resolve({ version: 3, deployment: { resources } }),
} as unknown as Stack;

afterEach(() => jest.restoreAllMocks());

test("every version of a group is deleted, however many there are", async () => {
  let left = Array.from({ length: 250 }, (_, index) => `arn:${index}`);
  // Pages by position, as the emulators do: deleting between two pages would skip versions.
  const answer = (command: unknown): unknown => {
    if (command instanceof DeleteModelPackageCommand) {
      left = left.filter((arn) => arn !== command.input.ModelPackageName);
      return {};
    }
    const { NextToken, ModelPackageGroupName } = (command as ListModelPackagesCommand).input;
    expect(ModelPackageGroupName).toBe("models");
    const start = Number(NextToken ?? 0);
    return {
      ModelPackageSummaryList: left.slice(start, start + 100).map((ModelPackageArn) => ({ ModelPackageArn })),
      NextToken: start + 100 < left.length ? String(start + 100) : undefined,
    };
  };
  const send = (command: unknown) => Promise.resolve(answer(command));
  jest.spyOn(SageMakerClient.prototype, "send").mockImplementation(send as (command: unknown) => void);
  expect(await emptyRegistry(sandbox, stack)).toBe(250);
  expect(left).toEqual([]);
});
