import type { ResourceHandler } from "../framework/types";
import { tableItem } from "./dynamodb/table-item";
import { table } from "./dynamodb/table";

export const resources: ResourceHandler[] = [table, tableItem];
