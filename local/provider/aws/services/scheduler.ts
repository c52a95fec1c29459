import type { ResourceHandler } from "../framework/types";
import { schedule } from "./scheduler/schedule";
import { scheduleGroup } from "./scheduler/schedule-group";

export const resources: ResourceHandler[] = [schedule, scheduleGroup];
