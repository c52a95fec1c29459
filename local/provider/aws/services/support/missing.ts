import { isNotFound } from "../../framework/errors";

/** Services that have no error of their own for a missing resource say it in words. */
const missingWords = /could not find|does not exist|not found|no such|cannot find/i;

/** True when AWS says, by code, status or words, that the resource does not exist. */
export function isMissing(error: unknown): boolean {
  if (isNotFound(error)) return true;
  if (!(error instanceof Error)) return false;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status !== undefined && status < 500 && (status === 404 || missingWords.test(error.message));
}

/** The answer, or undefined where AWS says, in whatever way, that there is none. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
