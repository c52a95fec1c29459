import { z } from "zod";

/** What Firehose wrote about one record that it could not deliver; other fields say why. */
const errorRecord = z.object({ rawData: z.base64() });

/** The lines of an error object. */
export interface ErrorObject {
  /** The records as they were on the stream. */
  records: Buffer[];
  /** Lines that hold no record. */
  unreadable: string[];
}

/** Reads an error object of Firehose: one JSON document a line, with the record in base64. */
export function readErrorObject(text: string): ErrorObject {
  const result: ErrorObject = { records: [], unreadable: [] };
  for (const line of text.split("\n").filter((line) => line.trim() !== "")) {
    const record = recordOf(line);
    if (record === undefined) result.unreadable.push(line);
    else result.records.push(record);
  }
  return result;
}

function recordOf(line: string): Buffer | undefined {
  try {
    const parsed = errorRecord.safeParse(JSON.parse(line));
    return parsed.success ? Buffer.from(parsed.data.rawData, "base64") : undefined;
  } catch {
    return undefined;
  }
}
