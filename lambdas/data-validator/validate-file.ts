import * as path from "node:path";
import { performance } from "node:perf_hooks";
import type { Readable } from "node:stream";

import { AnomalyAction, DataContract } from "../../components/contracts/data-contract";
import { Engine, openEngine, sqlText } from "../shared/duckdb";
import { Anomaly, anomalyDefaults, findAnomalies } from "./anomalies";
import { writeBadRows } from "./bad-rows";
import { faultsOf } from "./file-fault";
import { FileFormat, FileKind } from "./file-format";
import { goodRowsSql, judgedRowsSql } from "./judge-sql";
import { defaultLimits, Limits } from "./limits";
import { keepFile, prepareParquet, readingParquet } from "./prepare-parquet";
import { PreparedFile, prepareText } from "./prepare";
import { claimRows, ClaimStore, releaseRows } from "./record-claims";
import { loadReferences, ReferenceFiles } from "./references";
import { droppedTable, findRepeats } from "./repeats";
import { ColumnStatistics, describeColumns } from "./statistics";
import { binsFor, DeliverySummary, ProfileBins, StoredProfile, summarise } from "./stored-profile";
import { FileResult, refusedFile } from "./file-result";
import { judgeFile, Outcome, RowCounts, Verdict } from "./verdict";

/** Compression of curated files. */
export enum Compression {
  Snappy = "snappy",
  Zstd = "zstd",
}

/** A file to validate, and what it is held against. */
export interface ValidationRequest {
  /** Path of the file, or what opens its bytes; text is then never stored as it was delivered. */
  file: string | (() => Promise<Readable>);
  kind: FileKind;
  contract: DataContract;
  /** An empty folder for the results and for what does not fit into memory. */
  folder: string;
  /** Curated files of the data sets that the contract refers to. */
  references?: ReferenceFiles;
  /** Profile of earlier deliveries. */
  profile?: StoredProfile;
  /** @default {@link defaultLimits} */
  limits?: Partial<Limits>;
  /** @default rows of other deliveries are not looked at */
  claims?: ClaimStore;
  /** When the file arrived; a timestamp after it lies in the future. */
  now: Date;
  /** Id of the delivery in the profile. */
  deliveryId: string;
  /** @default Compression.Snappy */
  compression?: Compression;
}

/** Seconds that a clock may be ahead unless the contract says otherwise. */
const futureToleranceSeconds = 300;

/**
 * Checks a file against a contract. Memory does not grow with the file.
 * @throws Error for faults of the machine or of the claim store; a fault of the file is part of the result
 */
export async function validateFile(request: ValidationRequest): Promise<FileResult> {
  const limits = { ...defaultLimits, ...request.limits };
  const engine = await openEngine({
    memoryMegabytes: limits.memoryMegabytes,
    threads: limits.threads,
    folder: request.folder,
  });
  const run = new ValidationRun(engine, request, limits);
  try {
    return await run.validate();
  } catch (error) {
    return refusedFile(faultsOf(error), run.timings);
  } finally {
    engine.close();
  }
}

const oneThread = "SET threads = 1";

/** The last moment of the year 9999: later ones have no four digits. */
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The steps over one file. */
class ValidationRun {
  private readonly contract: DataContract;
  private readonly latest: Date;
  readonly timings: Record<string, number> = {};
  private readonly judgedFile: string;
  /** Whether rows of {@link droppedTable} must be left out. */
  private dropsRows = false;

  constructor(
    private readonly engine: Engine,
    private readonly request: ValidationRequest,
    private readonly limits: Limits,
  ) {
    this.contract = request.contract;
    const tolerance = this.contract.futureToleranceSeconds ?? futureToleranceSeconds;
    this.latest = new Date(Math.min(request.now.getTime() + tolerance * 1000, endOfTime));
    this.judgedFile = path.join(request.folder, "judged.parquet");
  }

  async validate(): Promise<FileResult> {
    const { engine, contract, request } = this;
    // Values of other data sets are looked up with a join, and only one thread keeps the order of rows behind a join.
    if (contract.columns.some(({ references }) => references !== undefined)) await engine.run(oneThread);
    const prepared = await this.timed("prepare", () => this.prepare());
    await this.timed("references", () => loadReferences(engine, contract, request.references));
    const passed = await this.timed("check", () => this.judge(prepared));
    await this.timed("repeats", () =>
      findRepeats(engine, this.judgedFile, contract, request.claims !== undefined),
    );
    let counts = await this.count(prepared, passed);
    const described = await this.timed("describe", () => this.describe());
    const faults = [...nullShareFaults(contract, described), ...stopFaults(contract, described.anomalies)];
    let verdict = judgeFile(counts, faults, contract);
    if (request.claims !== undefined && verdict.outcome !== Outcome.Quarantined) {
      await this.timed("claims", () => this.claim(request.claims as ClaimStore));
      counts = await this.count(prepared, passed);
      verdict = judgeFile(counts, faults, contract);
      if (verdict.outcome === Outcome.Quarantined) {
        await releaseRows(engine, this.judgedFile, contract, request.claims);
      }
    }
    return this.finish(prepared, passed, counts, verdict, described);
  }

  private async prepare(): Promise<PreparedFile> {
    const { request, engine, contract, limits } = this;
    const { file, kind, folder } = request;
    if (kind.format === FileFormat.Parquet) {
      const local = typeof file === "string" ? file : await keepFile(await file(), folder, limits);
      return prepareParquet(engine, local, contract, path.join(folder, "broken.jsonl"), limits);
    }
    return prepareText({ format: kind.format, gzip: kind.gzip, file }, contract, folder, limits);
  }

  /** @returns the rows that are good by themselves */
  private async judge({ source, path: file }: PreparedFile): Promise<number> {
    const { request, contract, latest } = this;
    const statement = `COPY (${judgedRowsSql(source, contract, latest)}) TO ${sqlText(this.judgedFile)}
      (FORMAT parquet, COMPRESSION ${Compression.Snappy})`;
    const write = (): Promise<number> => this.engine.run(statement);
    await (request.kind.format === FileFormat.Parquet ? readingParquet(file, write) : write());
    return this.countRows(goodRowsSql(this.judgedFile, contract));
  }

  private async countRows(relation: string): Promise<number> {
    const [found] = await this.engine.rows<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM ${relation}`);
    return found?.n ?? 0;
  }

  /** Good rows without those that were dropped, as a relation. */
  private get keptRows(): string {
    const { judgedFile, contract, dropsRows } = this;
    const kept = dropsRows ? `WHERE "$position" NOT IN (SELECT position FROM ${droppedTable})` : "";
    return `(SELECT * EXCLUDE ("$position") FROM ${goodRowsSql(judgedFile, contract)} ${kept})`;
  }

  private async describe(): Promise<Described> {
    const { engine, contract, request } = this;
    const relation = this.keptRows;
    const columns = await describeColumns(engine, relation, contract);
    const rows = await this.countRows(relation);
    const bins = binsFor(contract, columns, request.profile);
    const delivery = { id: request.deliveryId, at: request.now.toISOString(), rows };
    const summary = await summarise(engine, relation, contract, columns, bins, delivery);
    return { columns, bins, summary, anomalies: findAnomalies(summary, request.profile, bins, contract) };
  }

  private async claim(store: ClaimStore): Promise<void> {
    if (this.contract.primaryKey === undefined) return;
    await claimRows(this.engine, this.judgedFile, this.contract, store);
  }

  private async count({ rows }: PreparedFile, passed: number): Promise<RowCounts> {
    const [dropped] = await this.engine.rows<{ bad: number; duplicates: number }>(
      `SELECT count(reason)::DOUBLE AS bad, (count(*) - count(reason))::DOUBLE AS duplicates FROM ${droppedTable}`,
    );
    const { bad, duplicates } = dropped ?? { bad: 0, duplicates: 0 };
    this.dropsRows = bad + duplicates > 0;
    return {
      totalRows: rows,
      goodRows: passed - bad - duplicates,
      badRows: rows - passed + bad,
      duplicateRows: duplicates,
    };
  }

  private async finish(
    prepared: PreparedFile,
    passed: number,
    counts: RowCounts,
    verdict: Verdict,
    { columns, bins, summary, anomalies }: Described,
  ): Promise<FileResult> {
    const { folder } = this.request;
    const badFile = path.join(folder, "bad.jsonl");
    const reasonsFile = path.join(folder, "reasons.jsonl");
    const written = await this.timed("bad rows", () =>
      writeBadRows(this.engine, {
        prepared,
        contract: this.contract,
        latest: this.latest,
        judgedFile: this.judgedFile,
        hasFaulty: passed < prepared.framedRows,
        hasDropped: this.dropsRows,
        badFile,
        reasonsFile,
        listedRows: this.limits.listedRows,
      }),
    );
    if (written.badRows !== counts.badRows) {
      throw new Error(`${written.badRows} bad rows were written, and ${counts.badRows} were counted.`);
    }
    const quarantined = verdict.outcome === Outcome.Quarantined;
    const goodFile = quarantined ? undefined : await this.timed("good rows", () => this.keptFile());
    const reasonCounts = [...written.reasonCounts]
      .map(([reason, rows]) => ({ reason, rows }))
      .sort((a, b) => b.rows - a.rows);
    return {
      ...counts,
      ...verdict,
      ...{ columns, bins, summary, anomalies, reasonCounts, goodFile, badFile, reasonsFile },
      timings: this.timings,
    };
  }

  private async keptFile(): Promise<string> {
    const file = path.join(this.request.folder, "good.parquet");
    const compression = this.request.compression ?? Compression.Snappy;
    // The last step; see above for the order.
    if (this.dropsRows) await this.engine.run(oneThread);
    await this.engine.run(
      `COPY (SELECT * FROM ${this.keptRows}) TO ${sqlText(file)} (FORMAT parquet, COMPRESSION ${compression})`,
    );
    return file;
  }

  private async timed<T>(step: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.timings[step] = Math.round(performance.now() - start);
    }
  }
}

interface Described {
  columns: ColumnStatistics[];
  bins: Record<string, ProfileBins>;
  summary: DeliverySummary;
  anomalies: Anomaly[];
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

function nullShareFaults(contract: DataContract, { columns, summary }: Described): string[] {
  return contract.columns.flatMap(({ name, maximumNullShare }) => {
    const nulls = columns.find((column) => column.name === name)?.nulls ?? 0;
    if (maximumNullShare === undefined || summary.rows === 0 || nulls / summary.rows <= maximumNullShare)
      return [];
    return [
      `${percent(nulls / summary.rows)} of ${name} is missing; the contract allows at most ${percent(maximumNullShare)}.`,
    ];
  });
}

function stopFaults(contract: DataContract, anomalies: readonly Anomaly[]): string[] {
  const action = contract.anomalies?.action ?? anomalyDefaults.action;
  return action === AnomalyAction.Stop ? anomalies.map(({ message }) => message) : [];
}
