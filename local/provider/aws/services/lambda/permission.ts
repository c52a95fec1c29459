import { randomUUID } from "node:crypto";
import {
  AddPermissionCommand,
  type FunctionUrlAuthType,
  GetPolicyCommand,
  LambdaClient,
  RemovePermissionCommand,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { defineResource } from "../../framework/types";
import { orMissing } from "../support/missing";

/** A statement of the resource policy of a function, in the forms in which Lambda writes it. */
interface PolicyStatement {
  Sid: string;
  Action: string;
  Principal: string | { Service?: string; AWS?: string };
  Condition?: Record<string, Record<string, string>>;
}

/** Value of a condition key, whatever its operator. */
function conditionValue(statement: PolicyStatement, key: string): string | undefined {
  for (const operator of Object.values(statement.Condition ?? {})) {
    const name = Object.keys(operator).find((candidate) => candidate.toLowerCase() === key.toLowerCase());
    if (name !== undefined) return operator[name];
  }
  return undefined;
}

function principalOf({ Principal }: PolicyStatement, given: string | undefined): string | undefined {
  if (typeof Principal === "string") return Principal;
  const answered = Principal.Service ?? Principal.AWS;
  // Lambda writes an account id as the ARN of the account's root.
  return given !== undefined && answered?.endsWith(`:${given}:root`) ? given : answered;
}

export const permission = defineResource<aws.lambda.PermissionArgs>({
  type: "aws:lambda/permission:Permission",
  required: ["action", "function", "principal"],
  replaceOn: [
    "action",
    "eventSourceToken",
    "function",
    "functionUrlAuthType",
    "principal",
    "principalOrgId",
    "qualifier",
    "sourceAccount",
    "sourceArn",
    "statementId",
    "statementIdPrefix",
  ],

  async create(inputs, context) {
    const id = inputs.statementId ?? `${inputs.statementIdPrefix ?? "statement-"}${randomUUID().slice(0, 8)}`;
    await context.client(LambdaClient).send(
      new AddPermissionCommand({
        StatementId: id,
        FunctionName: String(inputs.function),
        Action: inputs.action,
        Principal: inputs.principal,
        SourceArn: inputs.sourceArn,
        SourceAccount: inputs.sourceAccount,
        EventSourceToken: inputs.eventSourceToken,
        PrincipalOrgID: inputs.principalOrgId,
        FunctionUrlAuthType: inputs.functionUrlAuthType as FunctionUrlAuthType | undefined,
        Qualifier: inputs.qualifier,
      }),
    );
    context.created(id);
    return { id, outputs: { statementId: id } };
  },

  async read(id, properties, context) {
    const answer = await orMissing(
      context.client(LambdaClient).send(
        new GetPolicyCommand({
          FunctionName: String(properties.function),
          Qualifier: properties.qualifier,
        }),
      ),
    );
    const policy = JSON.parse(answer?.Policy ?? '{"Statement":[]}') as { Statement: PolicyStatement[] };
    const statement = policy.Statement.find(({ Sid }) => Sid === id);
    if (!statement) return undefined;
    return {
      statementId: id,
      action: statement.Action,
      principal: principalOf(statement, properties.principal),
      sourceArn: conditionValue(statement, "AWS:SourceArn"),
      sourceAccount: conditionValue(statement, "AWS:SourceAccount"),
    };
  },

  async delete(id, properties, context) {
    await context.client(LambdaClient).send(
      new RemovePermissionCommand({
        StatementId: id,
        FunctionName: String(properties.function),
        Qualifier: properties.qualifier,
      }),
    );
  },
});
