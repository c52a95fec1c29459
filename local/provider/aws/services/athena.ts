import type { ResourceHandler } from "../framework/types";
import { namedQuery } from "./athena/named-query";
import { workgroup } from "./athena/workgroup";

export const resources: ResourceHandler[] = [workgroup, namedQuery];
