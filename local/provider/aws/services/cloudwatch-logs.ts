import type { ResourceHandler } from "../framework/types";
import { filters } from "./cloudwatch-logs/filters";
import { logGroup } from "./cloudwatch-logs/log-group";
import { resourcePolicy } from "./cloudwatch-logs/resource-policy";

export const resources: ResourceHandler[] = [logGroup, ...filters, resourcePolicy];
