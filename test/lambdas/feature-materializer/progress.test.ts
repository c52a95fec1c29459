import * as fc from "fast-check";

import { advance, batchesOf, filesToDo, noProgress } from "../../../lambdas/feature-materializer/progress";
import type { CuratedFile } from "../../../lambdas/shared/curated-files";

const overlapSeconds = 3600;
const start = Date.UTC(2026, 0, 1);

const file = (key: string, minutes: number, bytes = 10, etag = "1"): CuratedFile => ({
  key,
  bytes,
  etag,
  lastModified: new Date(start + minutes * 60_000),
});

test("takes files in the order of their arrival, in groups that fit", () => {
  const files = [file("c", 5, 60), file("a", 9, 50), file("b", 1, 50), file("d", 12, 500), file("e", 13, 1)];
  const batches = batchesOf(filesToDo(files, noProgress, overlapSeconds), 100);
  expect(batches.map((batch) => batch.map(({ key }) => key))).toEqual([["b"], ["c"], ["a"], ["d"], ["e"]]);
  expect(batchesOf(filesToDo(files, noProgress, overlapSeconds), 1000).map((batch) => batch.length)).toEqual([
    5,
  ]);
});

test("does not look twice at a file, but again at one that was replaced or held rows of the future", () => {
  const files = [file("a", 100), file("b", 101), file("c", 102)];
  const todo = filesToDo(files, noProgress, overlapSeconds);
  const progress = advance(noProgress, todo, new Set(["c"]), files, overlapSeconds);
  expect(filesToDo(files, progress, overlapSeconds).map(({ key }) => key)).toEqual(["c"]);
  const replaced = [file("a", 100), file("b", 103, 10, "2"), file("c", 102)];
  expect(filesToDo(replaced, progress, overlapSeconds).map(({ key }) => key)).toEqual(["c", "b"]);
});

test("finds a file that was stamped earlier than one already seen, within the overlap", () => {
  const seen = [file("b", 100)];
  const progress = advance(
    noProgress,
    filesToDo(seen, noProgress, overlapSeconds),
    new Set(),
    seen,
    overlapSeconds,
  );
  const late = [...seen, file("a", 41), file("too-late", 39)];
  expect(filesToDo(late, progress, overlapSeconds).map(({ key }) => key)).toEqual(["a"]);
});

test("however arrivals and runs interleave, every file is taken exactly once and the record stays small", () => {
  const arrivals = fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 90 }),
      early: fc.integer({ min: 0, max: 50 }),
      run: fc.boolean(),
    }),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(arrivals, (steps) => {
      let progress = noProgress;
      let clock = 0;
      const files: CuratedFile[] = [];
      const taken: string[] = [];
      const run = (): void => {
        const todo = filesToDo(files, progress, overlapSeconds);
        taken.push(...todo.map(({ key }) => key));
        for (const batch of batchesOf(todo, 25)) {
          progress = advance(progress, batch, new Set(), files, overlapSeconds);
        }
      };
      steps.forEach(({ gap, early, run: now }, index) => {
        clock += gap;
        files.push(file(`f${index}`, clock - early));
        if (now) run();
      });
      run();
      expect([...taken].sort()).toEqual(files.map(({ key }) => key).sort());
      const within = files.filter(
        ({ lastModified }) => (lastModified?.getTime() ?? 0) > progress.arrivedUntil - overlapSeconds * 1000,
      );
      expect(Object.keys(progress.recent).length).toBeLessThanOrEqual(within.length);
    }),
  );
});
