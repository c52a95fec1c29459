import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Journal, type JournalEntry, readJournal } from "../../../../local/provider/shared/journal";

const entry = (event: JournalEntry["event"], id: string): JournalEntry => ({
  event,
  id,
  urn: "urn:a",
  type: "aws:a/b:B",
});

describe("Journal", () => {
  let file: string;
  beforeEach(() => {
    file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "journal-")), "deep", "journal.jsonl");
  });
  afterEach(() => fs.rmSync(path.dirname(path.dirname(file)), { recursive: true }));

  it("keeps what several providers write, in order", () => {
    const [first, second] = [new Journal(file), new Journal(file)];
    first.write(entry("created", "1"));
    second.write(entry("created", "2"));
    first.write(entry("deleted", "1"));
    expect(readJournal(file)).toEqual([entry("created", "1"), entry("created", "2"), entry("deleted", "1")]);
  });

  it("leaves out a line that a crash cut off", () => {
    new Journal(file).write(entry("created", "1"));
    fs.appendFileSync(file, '{"event":"crea');
    expect(readJournal(file)).toEqual([entry("created", "1")]);
  });

  it("is empty before anything was written", () => {
    expect(readJournal(file)).toEqual([]);
  });
});
