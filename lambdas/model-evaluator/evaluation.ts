import { z } from "zod";

import type { FeatureValue } from "../shared/profile";

/** Content of `evaluation.json`. */
export interface Evaluation {
  /** Metrics on the held-out rows; null stands for a value that is no number. */
  metrics: Record<string, number | null>;
  /** Held-out rows. */
  rows: number;
}

const evaluationSchema = z.object({
  metrics: z.record(z.string(), z.number().nullable()),
  rows: z.int().min(0),
}) satisfies z.ZodType<Evaluation>;

const featuresSchema = z.object({
  features: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
});

/** Python writes numbers that JSON does not know; only whole values are meant, never text inside quotation marks. */
const unknownNumbers = /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g;

/** Parses JSON as Python's `json` writes it; NaN and Infinity become null. */
function parsePythonJson(text: string): unknown {
  return JSON.parse(text.replace(unknownNumbers, (_match, quoted: string | undefined) => quoted ?? "null"));
}

/**
 * Parses `evaluation.json`.
 * @throws Error that says what the evaluation script must write
 */
export function parseEvaluation(text: string): Evaluation {
  try {
    return evaluationSchema.parse(parsePythonJson(text));
  } catch (error) {
    throw new Error(
      `evaluation.json must hold {"metrics": {"<name>": <number>}, "rows": <number>}; it begins with ${text.slice(0, 120)}`,
      { cause: error },
    );
  }
}

/**
 * Parses `reference.jsonl`, the features of a sample of the training rows.
 * @throws Error that names the first line that is wrong
 */
export function parseReference(text: string): Record<string, FeatureValue>[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) {
    throw new Error(
      "reference.jsonl is empty; the evaluation script must write a sample of the training rows there.",
    );
  }
  return lines.map((line, i) => {
    try {
      return featuresSchema.parse(parsePythonJson(line)).features;
    } catch (error) {
      throw new Error(
        `Line ${i + 1} of reference.jsonl must hold {"features": {...}}; it begins with ${line.slice(0, 80)}`,
        {
          cause: error,
        },
      );
    }
  });
}
