import {
  CloudWatchLogsClient,
  DeleteResourcePolicyCommand,
  DescribeResourcePoliciesCommand,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";

type Inputs = Plain<aws.cloudwatch.LogResourcePolicyArgs>;

async function put(inputs: Inputs, context: HandlerContext): Promise<void> {
  const document: unknown = inputs.policyDocument;
  await context.client(CloudWatchLogsClient).send(
    new PutResourcePolicyCommand({
      policyName: inputs.policyName,
      policyDocument: typeof document === "string" ? document : JSON.stringify(document),
    }),
  );
}

export const resourcePolicy = defineResource<aws.cloudwatch.LogResourcePolicyArgs>({
  type: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
  required: ["policyDocument", "policyName"],
  replaceOn: ["policyName", "resourceArn"],
  async create(inputs, context) {
    await put(inputs, context);
    return { id: inputs.policyName! };
  },
  async read(id, _properties, context) {
    const answer = await context.client(CloudWatchLogsClient).send(new DescribeResourcePoliciesCommand({}));
    const found = answer.resourcePolicies?.find(({ policyName }) => policyName === id);
    return found && { policyName: id, policyDocument: found.policyDocument };
  },
  async update(_id, _olds, news, context) {
    await put(news, context);
  },
  async delete(id, _properties, context) {
    await context.client(CloudWatchLogsClient).send(new DeleteResourcePolicyCommand({ policyName: id }));
  },
});
