import type { HandlerContext, Properties, ResourceHandler } from "../framework/types";
import { broker } from "./mq/broker";
import { recorded } from "./support/recorded";

export const resources: ResourceHandler[] = [
  broker,
  recorded(
    "aws:mq/configuration:Configuration",
    "the emulator has no configurations of Amazon MQ",
    async (id: string, _inputs: Properties, context: HandlerContext) => ({
      arn: `arn:aws:mq:${context.region}:${await context.accountId()}:configuration:${id}`,
      latestRevision: 1,
    }),
    true,
  ),
];
