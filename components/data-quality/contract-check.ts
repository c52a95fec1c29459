import { contractSchema } from "../contracts/contract-schema";
import type { DataContract } from "../contracts/data-contract";

/** A text that was meant as a data contract: the contract, or what is wrong with it. */
export type ParsedContract = { contract: DataContract } | { fault: string };

/** Reads a data contract in JSON. */
export function parseContract(text: string): ParsedContract {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { fault: `"${text.slice(0, 40)}" was given; a data contract in JSON is needed` };
  }
  const parsed = contractSchema.safeParse(json);
  if (parsed.success) return { contract: parsed.data };
  return {
    fault: parsed.error.issues
      .map(({ path, message }) => `${path.join(".") || "contract"}: ${message}`)
      .join(", "),
  };
}

/** Why a text is no data contract in JSON; undefined when it is one. */
export function contractFault(text: string): string | undefined {
  const parsed = parseContract(text);
  return "fault" in parsed ? parsed.fault : undefined;
}
