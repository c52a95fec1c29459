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
    if (this.file === undefined) return;
    // A line that a full disk cut off must not take this one with it.
    const start = isCutOff(this.file) ? "\n" : "";
    fs.appendFileSync(this.file, `${start}${JSON.stringify(entry)}\n`);
  }
}

/** Whether the last line of the file lacks its end. */
function isCutOff(file: string): boolean {
  if (!fs.existsSync(file)) return false;
  const descriptor = fs.openSync(file, "r");
  try {
    const { size } = fs.fstatSync(descriptor);
    const last = Buffer.alloc(1);
    return size > 0 && fs.readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() !== "\n";
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Entries of a journal file; lines that a crash or a full disk cut off are left out. */
export function readJournal(file: string): JournalEntry[] {
  if (!fs.existsSync(file)) return [];
  return fs.readFileSync(file, "utf8").split("\n").flatMap(parseLine);
}

function parseLine(line: string): JournalEntry[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as JournalEntry];
  } catch {
    return [];
  }
}
