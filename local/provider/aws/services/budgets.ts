import type { ResourceHandler } from "../framework/types";
import { budget } from "./budgets/budget";

export const resources: ResourceHandler[] = [budget];
