import { mkdir } from "node:fs/promises";
import * as path from "node:path";

import type { DuckDBConnection } from "@duckdb/node-api";

import { openEngine } from "./duckdb";

/** Opens a database in memory that spills to a folder, and closes it afterwards. */
export async function withFeatureDatabase<T>(
  folder: string,
  memoryMegabytes: number,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const spill = path.join(folder, "spill");
  await mkdir(spill, { recursive: true });
  const engine = await openEngine({ memoryMegabytes, folder: spill });
  try {
    return await use(engine.connection);
  } finally {
    engine.close();
  }
}
