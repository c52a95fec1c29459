import * as fs from "node:fs";
import * as path from "node:path";

/** One physical create or delete, as one line of the journal. */
export interface JournalEntry {
  event: "created" | "deleted";
  urn: string;
  type: string;
  id: string;
}

/**
 * What was physically made and removed, written at once: after a kill it tells which resources the engine's
 * state does not know.
 */
export class Journal {
  constructor(private readonly file: string | undefined) {
    if (file !== undefined) fs.mkdirSync(path.dirname(file), { recursive: true });
  }

  /** Appends one line; a short append is atomic, so several providers may share the file. */
  write(entry: JournalEntry): void {
    if (this.file !== undefined) fs.appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
  }
}

/** Entries of a journal file; a last line cut off by a crash is left out. */
export function readJournal(file: string): JournalEntry[] {
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as JournalEntry);
}
