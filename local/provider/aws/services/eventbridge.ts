import type { ResourceHandler } from "../framework/types";
import { eventApiDestination, eventConnection } from "./eventbridge/api-destination";
import { eventArchive } from "./eventbridge/archive";
import { eventBus, eventPermission } from "./eventbridge/bus";
import { eventRule } from "./eventbridge/rule";
import { eventTarget } from "./eventbridge/target";
import { recorded } from "./support/recorded";

export const resources: ResourceHandler[] = [
  eventRule,
  eventTarget,
  eventBus,
  eventPermission,
  eventArchive,
  eventConnection,
  eventApiDestination,
  recorded(
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "the emulator ignores a policy document for a bus; it knows single permissions only",
  ),
];
