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

  it("loses nothing but the line that was cut off when it is written on", () => {
    const journal = new Journal(file);
    journal.write(entry("created", "1"));
    fs.appendFileSync(file, '{"event":"crea');
    journal.write(entry("created", "2"));
    expect(readJournal(file)).toEqual([entry("created", "1"), entry("created", "2")]);
  });

  it("skips a line that was glued together by an earlier version", () => {
    new Journal(file).write(entry("created", "1"));
    fs.appendFileSync(file, `{"event":"crea${JSON.stringify(entry("created", "2"))}\n`);
    new Journal(file).write(entry("created", "3"));
    expect(readJournal(file)).toEqual([entry("created", "1"), entry("created", "3")]);
  });

  it("counts an entry that lacks only the end of its line, before and after the next one", () => {
    const journal = new Journal(file);
    fs.appendFileSync(file, JSON.stringify(entry("created", "1")));
    expect(readJournal(file)).toEqual([entry("created", "1")]);
    journal.write(entry("created", "2"));
    expect(readJournal(file)).toEqual([entry("created", "1"), entry("created", "2")]);
  });

  it("is empty before anything was written", () => {
    expect(readJournal(file)).toEqual([]);
  });
});
