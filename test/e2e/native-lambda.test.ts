/** A Lambda with compiled code of 70 MB on its way through provider, gateway and MiniStack. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { addNativePackages } from "../../lambdas/native-modules";
import { touched } from "./aws-provider/harness";
import { Surroundings } from "./aws-provider/surroundings";

jest.setTimeout(10 * 60_000);

const code = `const duckdb = require("@duckdb/node-bindings");
exports.handler = async () => ({ version: duckdb.library_version(), processor: process.arch });`;
const functionCount = 4;

let surroundings: Surroundings;
let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "native-lambda-"));
  fs.writeFileSync(path.join(folder, "index.js"), code);
  addNativePackages(folder);
  surroundings = await Surroundings.start();
});

afterAll(async () => {
  await surroundings.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The functions of several data sets, which share a bundle. */
async function program(): Promise<void> {
  const role = new aws.iam.Role("role", {
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    }),
  });
  for (let number = 0; number < functionCount; number++) {
    new aws.lambda.Function(`validator-${number}`, {
      role: role.arn,
      runtime: "nodejs22.x",
      handler: "index.handler",
      architectures: ["x86_64"],
      memorySize: 3008,
      timeout: 60,
      code: new pulumi.asset.FileArchive(folder),
    });
  }
}

async function timed<T>(title: string, action: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const result = await action();
  process.stdout.write(`${title}: ${Date.now() - start} ms\n`);
  return result;
}

it("is deployed, loads its code, and is left alone when nothing changed", async () => {
  const stack = surroundings.stack();
  const made = await timed(`${functionCount} functions with compiled code made`, () => stack.up(program));
  expect(touched(made, "create")).toHaveLength(functionCount + 1);
  const functions = (await stack.resources()).filter(({ type }) => type === "aws:lambda/function:Function");
  const size = Number(functions[0]?.outputs?.sourceCodeSize);
  process.stdout.write(`ZIP: ${(size / 1024 / 1024).toFixed(1)} MB\n`);
  // What Lambda takes in a request; more must go through S3.
  expect(size).toBeLessThan(50 * 1024 * 1024);

  const lambda = new LambdaClient(surroundings.endpoints.aws);
  const call = async (): Promise<unknown> => {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: functions[0]?.id }));
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  };
  const answer = { version: expect.stringMatching(/^v1\./) as string, processor: process.arch };
  expect(await timed("first call", call)).toEqual(answer);
  expect(await timed("second call", call)).toEqual(answer);

  const unchanged = await timed("nothing changed", () => stack.up(program));
  expect(touched(unchanged, "update")).toEqual([]);
  await stack.destroy();
});
