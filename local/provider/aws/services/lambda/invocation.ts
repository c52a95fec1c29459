import { createHash } from "node:crypto";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";

type InvocationInputs = Plain<aws.lambda.InvocationArgs>;

enum Action {
  Create = "create",
  Update = "update",
  Delete = "delete",
}

function followsLife(inputs: Partial<InvocationInputs>): boolean {
  return inputs.lifecycleScope === "CRUD";
}

/** The input, with a word on what happens to the resource where the function asked to follow its life. */
function payloadOf(inputs: InvocationInputs, action: Action, before?: string): string {
  if (!followsLife(inputs)) return inputs.input;
  const key = inputs.terraformKey ?? "tf";
  const previous = before === undefined ? {} : { prev_input: JSON.parse(before) as unknown };
  return JSON.stringify({ ...(JSON.parse(inputs.input) as object), [key]: { action, ...previous } });
}

/** @throws an error with the function's own words when it fails. */
async function invoke(inputs: InvocationInputs, payload: string, context: HandlerContext): Promise<string> {
  const answer = await context.client(LambdaClient).send(
    new InvokeCommand({
      FunctionName: inputs.functionName,
      Qualifier: inputs.qualifier,
      Payload: Buffer.from(payload),
    }),
  );
  const result = Buffer.from(answer.Payload ?? []).toString("utf8");
  if (answer.FunctionError) throw new Error(`${inputs.functionName} failed: ${result}`);
  return result;
}

/** Calls a function once for its inputs, or at every step of the resource's life. */
export const invocation = defineResource<aws.lambda.InvocationArgs>({
  type: "aws:lambda/invocation:Invocation",
  required: ["functionName", "input"],
  verbatim: ["input"],
  replacedBy: (olds, news) =>
    followsLife(olds) && followsLife(news)
      ? ["functionName", "qualifier"]
      : ["functionName", "qualifier", "input", "triggers"],
  computed: ["result"],
  changedByUpdate: ["result"],

  async create(inputs, context) {
    const result = await invoke(inputs, payloadOf(inputs, Action.Create), context);
    const digest = createHash("sha256").update(inputs.input).digest("hex").slice(0, 32);
    return { id: `${inputs.functionName}_${inputs.qualifier ?? "$LATEST"}_${digest}`, outputs: { result } };
  },

  /** What was called cannot be looked up afterwards. */
  read: (_id, properties) => Promise.resolve({ result: properties.result }),

  async update(_id, olds, news, context) {
    if (!followsLife(news)) return { result: olds.result };
    return { result: await invoke(news, payloadOf(news, Action.Update, olds.input), context) };
  },

  async delete(_id, properties, context) {
    const inputs = properties as InvocationInputs;
    if (followsLife(inputs)) await invoke(inputs, payloadOf(inputs, Action.Delete), context);
  },
});
