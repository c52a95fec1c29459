import type { DataContract } from "../../components/contracts/data-contract";
import type { Engine } from "../shared/duckdb";
import { goodRowsSql } from "./judge-sql";
import { droppedTable, hasKeySql, keySql, rowHashSql } from "./repeats";

/** A record that a delivery wants to bring into the lake. */
export interface RecordClaim {
  /** SHA-256 of its primary key. */
  key: string;
  /** SHA-256 of its content. */
  content: string;
}

/** Whose a record is. */
export enum ClaimResult {
  /** This delivery brings it. */
  Own = "own",
  /** Another delivery brought the same record. */
  Duplicate = "duplicate",
  /** Another delivery brought a record with the same key and other content. */
  Conflict = "conflict",
}

/** Keeps who brought which record, so that none is in the lake twice. Every call may be repeated. */
export interface ClaimStore {
  /** @returns whose each record is, in the order of the claims */
  claim(claims: readonly RecordClaim[]): Promise<ClaimResult[]>;
  /** Gives up what this delivery claimed. */
  release(claims: readonly RecordClaim[]): Promise<void>;
}

/** Claims that are asked for at once. */
const batchSize = 2000;

/** Claims every good row; rows that are not this delivery's are dropped. */
export async function claimRows(
  engine: Engine,
  judgedFile: string,
  contract: DataContract,
  store: ClaimStore,
): Promise<void> {
  // Dropped only at the end: the table is being read.
  const dropped: [position: number, isConflict: boolean][] = [];
  for await (const batch of batches(engine, judgedFile, contract)) {
    const results = await store.claim(batch.map(({ claim }) => claim));
    batch.forEach(({ position }, i) => {
      if (results[i] !== ClaimResult.Own) dropped.push([position, results[i] === ClaimResult.Conflict]);
    });
  }
  if (dropped.length === 0) return;
  const names = (contract.primaryKey ?? []).join(", ");
  const conflict = `The row repeats the key ${names} of an earlier delivery with other values.`;
  const appender = await engine.connection.createAppender(droppedTable);
  for (const [position, isConflict] of dropped) {
    appender.appendBigInt(BigInt(position));
    if (isConflict) appender.appendVarchar(conflict);
    else appender.appendNull();
    appender.endRow();
  }
  appender.closeSync();
}

/** Gives up the claims of every good row, because the file goes to quarantine after all. */
export async function releaseRows(
  engine: Engine,
  judgedFile: string,
  contract: DataContract,
  store: ClaimStore,
): Promise<void> {
  for await (const batch of batches(engine, judgedFile, contract)) {
    await store.release(batch.map(({ claim }) => claim));
  }
}

interface PositionedClaim {
  position: number;
  claim: RecordClaim;
}

async function* batches(
  engine: Engine,
  judgedFile: string,
  contract: DataContract,
): AsyncGenerator<PositionedClaim[], void> {
  const rows = engine.stream<[position: number, key: string, content: string]>(
    `SELECT "$position"::DOUBLE, sha256(${keySql(contract)}), ${rowHashSql(contract)}
     FROM ${goodRowsSql(judgedFile, contract)}
     WHERE ${hasKeySql(contract)} AND "$position" NOT IN (SELECT position FROM ${droppedTable})`,
  );
  let batch: PositionedClaim[] = [];
  for await (const [position, key, content] of rows) {
    batch.push({ position, claim: { key, content } });
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
