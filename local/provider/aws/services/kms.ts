import type { FunctionHandler, ResourceHandler } from "../framework/types";
import { getAlias, getKey } from "./kms/functions";
import { alias, grant, keyPolicy } from "./kms/key-companions";
import { key } from "./kms/key";

export const resources: ResourceHandler[] = [key, alias, grant, keyPolicy];
export const functions: FunctionHandler[] = [getKey, getAlias];
