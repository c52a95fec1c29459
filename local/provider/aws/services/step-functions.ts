import type { ResourceHandler } from "../framework/types";
import { activity } from "./step-functions/activity";
import { alias } from "./step-functions/alias";
import { stateMachine } from "./step-functions/state-machine";

export const resources: ResourceHandler[] = [stateMachine, activity, alias];
