import {
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DescribeArchiveCommand,
  EventBridgeClient,
  UpdateArchiveCommand,
} from "@aws-sdk/client-eventbridge";
import type * as aws from "@pulumi/aws";
import { defineResource, type Plain } from "../../framework/types";
import { answered, fieldsFromService, seen } from "../support/casing";
import { orMissing } from "../support/missing";

function settings(inputs: Plain<aws.cloudwatch.EventArchiveArgs>) {
  return {
    ArchiveName: inputs.name,
    Description: inputs.description ?? "",
    EventPattern: inputs.eventPattern,
    RetentionDays: inputs.retentionDays ?? 0,
    KmsKeyIdentifier: inputs.kmsKeyIdentifier,
  };
}

export const eventArchive = defineResource<aws.cloudwatch.EventArchiveArgs>({
  type: "aws:cloudwatch/eventArchive:EventArchive",
  autoname: { property: "name", maximumLength: 48 },
  required: ["eventSourceArn"],
  replaceOn: ["name", "eventSourceArn"],
  computed: ["arn"],

  async create(inputs, context) {
    await context
      .client(EventBridgeClient)
      .send(new CreateArchiveCommand({ ...settings(inputs), EventSourceArn: inputs.eventSourceArn }));
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(EventBridgeClient).send(new DescribeArchiveCommand({ ArchiveName: id })),
    );
    if (!found) return undefined;
    const fields = fieldsFromService(found);
    return {
      ...seen(fields, ["description", "eventPattern", "eventSourceArn"]),
      ...answered(fields, ["kmsKeyIdentifier"]),
      // Zero days mean "for ever", which the program says by leaving them out.
      retentionDays: found.RetentionDays || undefined,
      name: found.ArchiveName,
      arn: found.ArchiveArn,
    };
  },

  async update(_id, _olds, news, context) {
    await context.client(EventBridgeClient).send(new UpdateArchiveCommand(settings(news)));
  },

  async delete(id, _properties, context) {
    await context.client(EventBridgeClient).send(new DeleteArchiveCommand({ ArchiveName: id }));
  },
});
