import type { DataContract } from "../../components/contracts/data-contract";
import { Engine, sqlName } from "../shared/duckdb";
import { nestedFault, referenceFault, valueFault } from "./check-value";
import type { BrokenRow } from "./csv-framer";
import { BadRowParts, badRowsSql, goodRowsSql } from "./judge-sql";
import { LineWriter, readJsonLines } from "./line-writer";
import type { PreparedFile } from "./prepare";
import { droppedTable } from "./repeats";

/** One bad row in the list of reasons. */
export interface BadRow {
  /** Number of the row in the delivered file; the first row (after the header) is 1. */
  row: number;
  reasons: string[];
}

/** A bad row as it stands in quarantine when the good rows of its file go on. */
export interface QuarantinedRow {
  row: number;
  /** The delivered values by column, as texts; for rows whose fields could be told apart. */
  values?: Record<string, string | null>;
  /** The delivered line. */
  line?: string;
}

/** A row that is not good: bad with its reasons, or a duplicate without any. */
interface LeftOut extends QuarantinedRow {
  reasons: string[];
}

/**
 * Merges two streams of rows that are sorted by number. The rows of `inner` are numbered as if those of `outer` were not
 * there; they get their numbers among all.
 */
export async function* interleave<T extends { row: number }>(
  inner: AsyncIterable<T>,
  outer: AsyncIterable<T>,
): AsyncGenerator<T, void> {
  const others = outer[Symbol.asyncIterator]();
  let next = await others.next();
  let before = 0;
  for await (const entry of inner) {
    while (!next.done && next.value.row <= entry.row + before) {
      yield next.value;
      before++;
      next = await others.next();
    }
    yield { ...entry, row: entry.row + before };
  }
  for (; !next.done; next = await others.next()) yield next.value;
}

/** Merges two streams of rows that are sorted by number; no number is in both. */
async function* merge<T extends { row: number }>(
  one: AsyncIterable<T>,
  other: AsyncIterable<T>,
): AsyncGenerator<T, void> {
  const others = other[Symbol.asyncIterator]();
  let next = await others.next();
  for await (const entry of one) {
    for (; !next.done && next.value.row < entry.row; next = await others.next()) yield next.value;
    yield entry;
  }
  for (; !next.done; next = await others.next()) yield next.value;
}

/** What {@link writeBadRows} needs. */
export interface BadRowsRequest {
  prepared: Pick<PreparedFile, "brokenFile">;
  contract: DataContract;
  latest: Date;
  judgedFile: string;
  /** Whether rows were found faulty by their values. */
  hasFaulty: boolean;
  /** Whether good rows were dropped. */
  hasDropped: boolean;
  /** Bad rows, as lines of JSON. */
  badFile: string;
  /** Reasons, as lines of JSON. */
  reasonsFile: string;
  listedRows: number;
}

/** What was written. */
export interface BadRowsResult {
  badRows: number;
  /** How often each kind of reason was given, by its first words; see `reasonKind`. */
  reasonCounts: Map<string, number>;
}

/** Kinds of reasons that are counted apart. */
const mostKinds = 200;

/** Writes the bad rows and their reasons in the order of the delivered file. */
export async function writeBadRows(engine: Engine, request: BadRowsRequest): Promise<BadRowsResult> {
  const bad = new LineWriter(request.badFile);
  const reasons = new LineWriter(request.reasonsFile);
  const reasonCounts = new Map<string, number>();
  try {
    const broken = brokenRows(request.prepared.brokenFile);
    const faulty = request.hasFaulty ? faultyRows(engine, request) : none();
    const dropped = request.hasDropped ? droppedRows(engine, request) : none();
    for await (const entry of interleave(merge(dropped, faulty), broken)) {
      if (entry.reasons.length === 0) continue;
      const { row, values, line } = entry;
      bad.writeJson(line === undefined ? { row, values } : { row, line });
      if (reasons.lines < request.listedRows) reasons.writeJson({ row, reasons: entry.reasons });
      for (const reason of entry.reasons) countReason(reasonCounts, reasonKind(reason));
    }
  } finally {
    bad.close();
    reasons.close();
  }
  return { badRows: bad.lines, reasonCounts };
}

/** A reason without the value that it is about, so that reasons can be counted. */
export function reasonKind(reason: string): string {
  return reason.replace(
    /^(\S+) (?:is (?:"(?:[^"]*)"?|[^\s;]+|".*?…")|has a (?:wrong )?value \([^)]*\)); /s,
    "$1: ",
  );
}

function countReason(counts: Map<string, number>, kind: string): void {
  const key = counts.has(kind) || counts.size < mostKinds ? kind : "other reasons";
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

async function* none(): AsyncGenerator<LeftOut, void> {}

async function* brokenRows(file: string): AsyncGenerator<LeftOut, void> {
  for await (const { row, line, reason } of readJsonLines<BrokenRow>(file))
    yield { row, line, reasons: [reason] };
}

async function* faultyRows(engine: Engine, request: BadRowsRequest): AsyncGenerator<LeftOut, void> {
  const { judgedFile, contract, latest } = request;
  for await (const [row, parts] of engine.stream<[position: number, parts: string]>(badRowsSql(judgedFile))) {
    const [rowFault, line, marks, ...texts] = JSON.parse(parts) as BadRowParts;
    const reasons = rowFault === null ? reasonsOf(contract, marks, texts, latest) : [rowFault];
    if (line !== null) yield { row, line, reasons };
    else yield { row, values: named(contract, texts), reasons };
  }
}

/** Reasons of a row that the engine found faulty. */
function reasonsOf(
  { columns }: DataContract,
  marks: string,
  texts: readonly (string | null)[],
  latest: Date,
): string[] {
  const context = { latest: latest.getTime() };
  const reasons = columns
    .map((column, i) => {
      if (marks[i] === "n") return nestedFault(column);
      const text = texts[i] ?? "";
      return (
        valueFault(text, column, context) ?? (marks[i] === "r" ? referenceFault(text, column) : undefined)
      );
    })
    .filter((reason) => reason !== undefined);
  return reasons.length > 0 ? reasons : ["The row does not match the contract."];
}

/** Good rows that do not go on: they repeat a key, here or in another delivery. */
async function* droppedRows(
  engine: Engine,
  { contract, judgedFile }: BadRowsRequest,
): AsyncGenerator<LeftOut, void> {
  const values = contract.columns.map(({ name }) => `CAST(${sqlName(name)} AS VARCHAR)`).join(", ");
  type Dropped = [position: number, reason: string | null, ...(string | null)[]];
  const rows = engine.stream<Dropped>(
    `SELECT d.position::DOUBLE, d.reason, ${values} FROM ${droppedTable} d
     JOIN ${goodRowsSql(judgedFile, contract)} g ON g."$position" = d.position
     ORDER BY d.position`,
  );
  for await (const [row, reason, ...texts] of rows) {
    yield { row, values: named(contract, texts), reasons: reason === null ? [] : [reason] };
  }
}

function named({ columns }: DataContract, texts: readonly (string | null)[]): Record<string, string | null> {
  return Object.fromEntries(columns.map(({ name }, i) => [name, texts[i] ?? null]));
}
