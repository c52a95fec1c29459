/** Formats that are validated. */
export enum FileFormat {
  Csv = "csv",
  JsonLines = "json-lines",
  Parquet = "parquet",
}

/** Format of a file, and whether it is compressed as a whole. */
export interface FileKind {
  format: FileFormat;
  gzip: boolean;
}

const extensions: [pattern: RegExp, format: FileFormat][] = [
  [/\.csv(\.gz)?$/i, FileFormat.Csv],
  [/\.(jsonl|ndjson|json)(\.gz)?$/i, FileFormat.JsonLines],
  [/\.parquet$/i, FileFormat.Parquet],
];

/**
 * Kind of a file by its name.
 * @returns undefined when the name has no extension of a known format
 */
export function fileKindOf(key: string): FileKind | undefined {
  const found = extensions.find(([pattern]) => pattern.test(key));
  return found && { format: found[1], gzip: /\.gz$/i.test(key) };
}

/** Key of the curated file of a raw object. The raw extension stays: `a.csv` and `a.jsonl` are two deliveries. */
export function curatedKeyOf(key: string): string {
  return /\.parquet$/i.test(key) ? key : `${key}.parquet`;
}
