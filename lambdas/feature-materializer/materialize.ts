import type { DuckDBConnection } from "@duckdb/node-api";

import type { FeatureEntity, FeatureView } from "../../components/contracts/feature-definition";
import { countRows, latestRows, latestRowsSql, LocalFile } from "./latest-rows";
import { OnlineRow, OnlineStore, PutOutcome } from "./online-store";

/** What materializing some files did. */
export interface MaterializedBatch {
  /** Rows in the files. */
  rows: number;
  /** Rows without a join key or an event time. */
  skipped: number;
  /** Entities among the rows. */
  entities: number;
  /** Entities whose values were written. */
  written: number;
  /** Entities of which the store held this row or a newer one. */
  older: number;
  /** Entities whose newest row is past its time to live already. */
  expired: number;
  /** Paths of files with rows of the future, which are to be looked at again. */
  withFuture: string[];
}

/** Writes under way at once. */
const concurrency = 32;

/** Brings the newest row of each entity in the files into a store. */
export async function materialize(
  connection: DuckDBConnection,
  view: FeatureView,
  entity: FeatureEntity,
  files: LocalFile[],
  store: OnlineStore,
  now: Date,
): Promise<MaterializedBatch> {
  const counts = await countRows(connection, view, entity, files, now);
  const batch: MaterializedBatch = { ...counts, entities: 0, written: 0, older: 0, expired: 0 };
  const oldest = BigInt(now.getTime()) * 1000n - BigInt(view.ttlSeconds ?? 0) * 1_000_000n;
  for await (const chunk of latestRows(connection, latestRowsSql(view, entity, files, now))) {
    const usable =
      view.ttlSeconds === undefined ? chunk : chunk.filter(({ eventTime }) => eventTime > oldest);
    batch.entities += chunk.length;
    batch.expired += chunk.length - usable.length;
    for (const outcome of await putAll(store, usable)) {
      if (outcome === PutOutcome.Written) batch.written++;
      else batch.older++;
    }
  }
  return batch;
}

/** Writes rows, a bounded number at a time. The first fault ends it once the writes under way have ended. */
async function putAll(store: OnlineStore, rows: OnlineRow[]): Promise<PutOutcome[]> {
  const outcomes: PutOutcome[] = [];
  const waiting = rows.values();
  const faults: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const row of waiting) {
      if (faults.length > 0) return;
      try {
        outcomes.push(await store.put(row));
      } catch (error) {
        faults.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (faults.length > 0) throw faults[0];
  return outcomes;
}
