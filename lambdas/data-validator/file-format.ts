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

/** Key without the extension of its format, and of its compression. */
export function keyWithoutExtension(key: string): string {
  const pattern = extensions.find(([known]) => known.test(key))?.[0];
  return pattern === undefined ? key : key.replace(pattern, "");
}

/** Key of the curated file of a raw object. */
export function curatedKeyOf(key: string): string {
  return `${keyWithoutExtension(key)}.parquet`;
}
