import { createHash, randomBytes } from "node:crypto";
import { hasUnknown } from "../shared/signatures";
import type { Values } from "../shared/service";
import { type Metadata, metadataOf } from "./kubernetes-object";

/** Marks names that were generated, as the official provider does. */
const autonamedAnnotation = "pulumi.com/autonamed";
const randomLength = 8;
/** Longest name that every kind accepts as a label value and DNS label too. */
const maximumLength = 63;

/** The program did not choose the name, so a replacement gets a new one. */
export function isAutonamed(values: Values | undefined): boolean {
  return metadataOf(values).annotations?.[autonamedAnnotation] === "true";
}

/**
 * Fills `metadata.name` with the logical name, `-` and 8 hex characters when the program left it out; a generated
 * name of `olds` is kept.
 */
export function withName(
  logicalName: string,
  news: Values,
  olds: Values | undefined,
  seed: Uint8Array,
): Values {
  const metadata = metadataOf(news);
  if (hasUnknown(news.metadata) && typeof news.metadata !== "object") return news;
  if (metadata.name !== undefined || metadata.generateName !== undefined) return news;
  const name = isAutonamed(olds) ? metadataOf(olds).name! : generateName(logicalName, seed);
  const annotations = { ...metadata.annotations, [autonamedAnnotation]: "true" };
  return { ...news, metadata: { ...metadata, name, annotations } satisfies Metadata };
}

function generateName(logicalName: string, seed: Uint8Array): string {
  const bytes = seed.length === 0 ? randomBytes(32) : seed;
  const random = createHash("sha256").update(bytes).digest("hex").slice(0, randomLength);
  return `${logicalName.slice(0, maximumLength - randomLength - 1)}-${random}`;
}
