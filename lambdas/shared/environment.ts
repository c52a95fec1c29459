import { z } from "zod";

/** A variable that holds JSON, checked by a schema. */
export function jsonVariable<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.issues.push({ code: "custom", input: text, message: "is not JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema) as unknown as z.ZodType<T>;
}

/**
 * Reads and checks the environment variables of a function.
 * @throws Error with one sentence that names every variable that is missing or wrong
 */
export function readEnvironment<T>(schema: z.ZodType<T>, variables: NodeJS.ProcessEnv = process.env): T {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const [variable = ""] = path;
    const missing = variables[String(variable)] === undefined;
    return `${path.join(".")} ${missing ? "is missing" : `is wrong (${message})`}`;
  });
  throw new Error(
    `The function's environment is not complete: ${faults.join("; ")}. Its component sets these.`,
  );
}
