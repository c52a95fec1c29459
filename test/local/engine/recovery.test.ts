import { findOrphans } from "../../../local/engine/recovery";
import type { JournalEntry } from "../../../local/provider/shared/journal";

const bucket = "aws:s3/bucket:Bucket";
const entry = (event: JournalEntry["event"], id: string, type = bucket): JournalEntry => ({
  event,
  id,
  type,
  urn: `urn:${id}`,
});
const state = (...ids: string[]) => ({
  resources: ids.map((id) => ({ urn: `urn:${id}`, type: bucket, custom: true, id })),
});

test("an orphan was made, not deleted, and is not in the state; the newest comes first", () => {
  const journal = [
    entry("created", "known"),
    entry("created", "a"),
    entry("created", "gone"),
    entry("deleted", "gone"),
    entry("created", "b"),
  ];
  expect(findOrphans(journal, state("known")).map(({ id }) => id)).toEqual(["b", "a"]);
});

test("what was deleted and made again is an orphan", () => {
  const journal = [entry("created", "a"), entry("deleted", "a"), entry("created", "a")];
  expect(findOrphans(journal, {})).toEqual([entry("created", "a")]);
});

test("the same id of another type is another resource", () => {
  expect(findOrphans([entry("created", "a", "aws:sqs/queue:Queue")], state("a"))).toHaveLength(1);
});

test("a replaced resource that waits for its deletion is the engine's business", () => {
  const waiting = { resources: [{ urn: "urn:a", type: bucket, custom: true, id: "a", delete: true }] };
  expect(findOrphans([entry("created", "a")], waiting)).toEqual([]);
});
