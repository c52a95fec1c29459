import { GetTopicAttributesCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext } from "../../framework/types";
import { orMissing } from "../support/missing";

async function putPolicy(arn: string, policy: string, context: HandlerContext): Promise<void> {
  await context
    .client(SNSClient)
    .send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: "Policy", AttributeValue: policy }));
}

/** A topic always has a policy: without one of its own, the account that owns it may use it. */
function ownerPolicy(arn: string): string {
  const account = arn.split(":")[4];
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  });
}

export const topicPolicy = defineResource<aws.sns.TopicPolicyArgs>({
  type: "aws:sns/topicPolicy:TopicPolicy",
  required: ["arn", "policy"],
  replaceOn: ["arn"],
  computed: ["owner"],

  async create(inputs, context) {
    await putPolicy(inputs.arn, String(inputs.policy), context);
    context.created(inputs.arn);
    return { id: inputs.arn };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(
      context.client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn: id })),
    );
    if (!answer?.Attributes?.Policy) return undefined;
    return { arn: id, policy: answer.Attributes.Policy, owner: answer.Attributes.Owner };
  },

  async update(id, _olds, news, context) {
    await putPolicy(id, String(news.policy), context);
  },

  async delete(id, _properties, context) {
    await putPolicy(id, ownerPolicy(id), context);
  },
});
