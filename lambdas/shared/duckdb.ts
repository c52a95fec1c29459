import { DuckDBConnection, DuckDBInstance, JS } from "@duckdb/node-api";

/** How much of the machine a query engine may take. */
export interface EngineLimits {
  /** Memory in MiB; what does not fit is spilled to the folder. */
  memoryMegabytes: number;
  /** @default 2 */
  threads?: number;
  /** Folder for what is spilled; it must exist. */
  folder: string;
}

/** A query engine of its own; it holds no data after {@link Engine.close}. */
export interface Engine {
  connection: DuckDBConnection;
  /** Rows of a small result, with values as JSON has them: integers of more than 32 bits are texts. */
  rows<T>(sql: string): Promise<T[]>;
  /** Runs a statement. @returns the rows that it changed or wrote */
  run(sql: string): Promise<number>;
  /** Rows of a large result, one after the other; several streams may be open at once. */
  stream<T extends unknown[]>(sql: string): AsyncGenerator<T, void>;
  close(): void;
}

/**
 * Starts an in-memory DuckDB. It reads and writes local files alone, and never looks for an extension: what it needs
 * (parquet, json, icu) is built in. Times without an offset are UTC.
 */
export async function openEngine({ memoryMegabytes, threads = 2, folder }: EngineLimits): Promise<Engine> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryMegabytes}MiB`,
    threads: String(threads),
    temp_directory: folder,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    preserve_insertion_order: "true",
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return {
    connection,
    rows: async <T>(sql: string) =>
      (await connection.runAndReadAll(sql)).getRowObjectsJson() as unknown as T[],
    run: async (sql) => {
      const result = await connection.run(sql);
      return result.rowsChanged;
    },
    stream: <T extends unknown[]>(sql: string) => streamRows(instance, sql) as AsyncGenerator<T, void>,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A connection holds one open result at a time, so each stream has its own. */
async function* streamRows(instance: DuckDBInstance, sql: string): AsyncGenerator<JS[], void> {
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const result = await connection.stream(sql);
    for await (const rows of result.yieldRowsJs()) yield* rows;
  } finally {
    connection.closeSync();
  }
}

/** A text as a literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an identifier of SQL. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A list of texts as a literal of SQL. */
export function sqlTexts(texts: readonly string[]): string {
  return `[${texts.map(sqlText).join(", ")}]`;
}
