import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  RemovePermissionCommand,
  UpdateEventBusCommand,
} from "@aws-sdk/client-eventbridge";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext } from "../../framework/types";
import { answered, fieldsFromService, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { changeTags, readTags } from "./tagging";

function describe(name: string | undefined, context: HandlerContext) {
  return orMissing(context.client(EventBridgeClient).send(new DescribeEventBusCommand({ Name: name })));
}

export const eventBus = defineResource<aws.cloudwatch.EventBusArgs>({
  type: "aws:cloudwatch/eventBus:EventBus",
  autoname: { property: "name", maximumLength: 256 },
  replaceOn: ["name", "eventSourceName"],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    await context.client(EventBridgeClient).send(
      new CreateEventBusCommand({
        Name: inputs.name,
        Description: inputs.description,
        EventSourceName: inputs.eventSourceName,
        KmsKeyIdentifier: inputs.kmsKeyIdentifier,
        DeadLetterConfig: toService(inputs.deadLetterConfig),
        LogConfig: toService(inputs.logConfig),
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const found = await describe(id, context);
    if (!found?.Arn) return undefined;
    return {
      ...answered(fieldsFromService(found), [
        "kmsKeyIdentifier",
        "deadLetterConfig",
        "logConfig",
        "description",
      ]),
      name: found.Name,
      arn: found.Arn,
      tags: await readTags(found.Arn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
    await context.client(EventBridgeClient).send(
      new UpdateEventBusCommand({
        Name: id,
        Description: news.description ?? "",
        KmsKeyIdentifier: news.kmsKeyIdentifier ?? "",
        DeadLetterConfig: toService(news.deadLetterConfig ?? {}),
        LogConfig: toService(news.logConfig),
      }),
    );
  },

  async delete(id, _properties, context) {
    await context.client(EventBridgeClient).send(new DeleteEventBusCommand({ Name: id }));
  },
});

/** A statement of a bus policy as far as a permission needs it. */
interface BusStatement {
  Sid: string;
  Action: string;
  Principal: string | { AWS?: string };
}

export const eventPermission = defineResource<aws.cloudwatch.EventPermissionArgs>({
  type: "aws:cloudwatch/eventPermission:EventPermission",
  required: ["principal", "statementId"],
  replaceOn: ["action", "condition", "eventBusName", "principal", "statementId"],

  async create(inputs, context) {
    const bus = inputs.eventBusName ?? "default";
    await context.client(EventBridgeClient).send(
      new PutPermissionCommand({
        EventBusName: bus,
        Action: inputs.action ?? "events:PutEvents",
        Principal: inputs.principal,
        StatementId: inputs.statementId,
        Condition: toService(inputs.condition),
      }),
    );
    context.created(`${bus}/${inputs.statementId}`);
    return { id: `${bus}/${inputs.statementId}` };
  },

  async read(id, properties, context) {
    const slash = id.lastIndexOf("/");
    const found = await describe(id.slice(0, slash), context);
    const policy = JSON.parse(found?.Policy || '{"Statement":[]}') as { Statement: BusStatement[] };
    const statement = policy.Statement.find(({ Sid }) => Sid === id.slice(slash + 1));
    if (!statement) return undefined;
    const answered = typeof statement.Principal === "string" ? statement.Principal : statement.Principal.AWS;
    const given = properties.principal;
    return {
      action: statement.Action,
      principal: given !== undefined && answered?.endsWith(`:${given}:root`) ? given : answered,
      statementId: statement.Sid,
    };
  },

  async delete(id, _properties, context) {
    const slash = id.lastIndexOf("/");
    await context
      .client(EventBridgeClient)
      .send(
        new RemovePermissionCommand({ EventBusName: id.slice(0, slash), StatementId: id.slice(slash + 1) }),
      );
  },
});
