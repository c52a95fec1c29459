import type { ResourceHandler } from "../framework/types";
import { application } from "./emr-serverless/application";

export const resources: ResourceHandler[] = [application];
