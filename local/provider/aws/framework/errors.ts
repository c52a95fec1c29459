/** An error as the AWS SDK throws it. */
interface ServiceError extends Error {
  $metadata?: { httpStatusCode?: number };
  Code?: string;
}

const goneNames =
  /^NoSuch|NotFound|NoSuchEntity|^ResourceNotFound|^ParameterNotFound|DoesNotExist|^NonExistent/;

/** True when AWS says, by code or status, that the resource does not exist. */
export function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return goneNames.test(errorCode(error)) || (error as ServiceError).$metadata?.httpStatusCode === 404;
}

/** AWS's own code of an error, e.g. `BucketAlreadyOwnedByYou`. */
export function errorCode(error: Error): string {
  return (error as ServiceError).Code ?? error.name;
}

/** The answer, or undefined where AWS says that there is none. */
export async function orGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** One sentence: which resource, AWS's code, AWS's words. */
export function sentence(subject: string, error: unknown): string {
  if (!(error instanceof Error)) return `${subject}: ${String(error)}`;
  const fromService = (error as ServiceError).$metadata !== undefined;
  const code = errorCode(error);
  const words = error.message && error.message !== "UnknownError" ? error.message : "AWS gave no message";
  if (!fromService) return `${subject}: ${words}`;
  return words.startsWith(code) ? `${subject}: ${words}` : `${subject}: ${code} – ${words}`;
}
