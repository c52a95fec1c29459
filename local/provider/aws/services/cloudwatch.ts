import type { ResourceHandler } from "../framework/types";
import { compositeAlarm } from "./cloudwatch/composite-alarm";
import { dashboard } from "./cloudwatch/dashboard";
import { metricAlarm } from "./cloudwatch/metric-alarm";
import { recorded } from "./support/recorded";

export const resources: ResourceHandler[] = [
  metricAlarm,
  compositeAlarm,
  dashboard,
  recorded(
    "aws:cloudwatch/queryDefinition:QueryDefinition",
    "the emulator keeps no saved queries of CloudWatch Logs",
    async (id) => ({ queryDefinitionId: id }),
  ),
];
