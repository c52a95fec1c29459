import type { ResourceHandler } from "../framework/types";
import { alias } from "./lambda/alias";
import { eventSourceMapping } from "./lambda/event-source-mapping";
import { lambdaFunction } from "./lambda/function";
import {
  functionEventInvokeConfig,
  functionUrl,
  provisionedConcurrencyConfig,
} from "./lambda/invocation-settings";
import { invocation } from "./lambda/invocation";
import { layerVersion } from "./lambda/layer-version";
import { permission } from "./lambda/permission";

export const resources: ResourceHandler[] = [
  lambdaFunction,
  alias,
  permission,
  eventSourceMapping,
  functionEventInvokeConfig,
  functionUrl,
  provisionedConcurrencyConfig,
  layerVersion,
  invocation,
];
