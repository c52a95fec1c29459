import type { RefusedRecord } from "../shared/dead-letters";
import { cutArray } from "./json-array";

/** What a payload holds. */
export interface DecodedPayload {
  /** Each record as one line of JSON, exactly as it was written. */
  records: string[];
  refused: RefusedRecord[];
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the records of a payload: a JSON object is one record, a JSON array several, and an object whose only field is
 * `records` with an array in it is an envelope of several. Everything else is refused with a reason; what is refused
 * in an array does not touch the rest of it.
 */
export function decodePayload(payload: Buffer): DecodedPayload {
  const refuse = (reason: string): DecodedPayload => ({ records: [], refused: [{ payload, reason }] });
  let text: string;
  try {
    text = utf8.decode(payload).trim();
  } catch {
    return refuse("The record is not text in UTF-8.");
  }
  if (text === "") return refuse("The record is empty.");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`The record is not JSON${positionIn(error)}.`);
  }
  const elements = Array.isArray(value) ? cutArray(text).elements : envelopeElements(text, value);
  if (elements !== undefined) return decodeElements(elements);
  if (kindOf(value) !== "object") return refuse(`The record is ${named(value)}; a JSON object is needed.`);
  return { records: [oneLine(text)], refused: [] };
}

function decodeElements(elements: string[]): DecodedPayload {
  const decoded: DecodedPayload = { records: [], refused: [] };
  elements.forEach((element, index) => {
    const value: unknown = JSON.parse(element);
    if (kindOf(value) === "object") decoded.records.push(oneLine(element));
    else {
      decoded.refused.push({
        payload: Buffer.from(element),
        reason: `Element ${index + 1} of the array is ${named(value)}; a JSON object is needed.`,
      });
    }
  });
  return decoded;
}

/** The elements inside of `{"records": […]}`; an object that has anything beside them is a record itself. */
function envelopeElements(text: string, value: unknown): string[] | undefined {
  if (kindOf(value) !== "object" || !/^\{\s*"records"\s*:\s*\[/.test(text)) return undefined;
  const { elements, rest } = cutArray(text.slice(text.indexOf("[")));
  return rest === "}" ? elements : undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function named(value: unknown): string {
  const kind = kindOf(value);
  if (kind === "null") return "null";
  return `${kind === "array" ? "an" : "a"} ${kind}`;
}

/** A line break in valid JSON is only white space between its parts. */
function oneLine(json: string): string {
  return json.replace(/[\r\n]+/g, " ");
}

/** The parser's own message quotes the record. */
function positionIn(error: unknown): string {
  const position = /at position (\d+)/.exec((error as Error).message)?.[1];
  return position === undefined ? "" : ` (at character ${Number(position) + 1})`;
}
