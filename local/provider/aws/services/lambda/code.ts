import { createHash } from "node:crypto";
import { type FunctionCode } from "@aws-sdk/client-lambda";
import { type AssetLike, assetBytes } from "../../../shared/assets";

/** The inputs that say where the code of a function or layer is. */
export interface CodeInputs {
  /** An {@link AssetLike} archive. */
  code?: unknown;
  s3Bucket?: string;
  s3Key?: string;
  s3ObjectVersion?: string;
  imageUri?: string;
}

/** Hash of a ZIP as Lambda answers it. */
export function codeHash(zip: Uint8Array): string {
  return createHash("sha256").update(zip).digest("base64");
}

/** Several functions share a bundle, and one with compiled code takes seconds to pack. */
const keptZips = 4;
const recentZips = new Map<string, Uint8Array>();

/** The program's archive as a ZIP; the engine's hash of its content says whether it was packed before. */
function zipOf(inputs: CodeInputs): Uint8Array {
  const archive = inputs.code as AssetLike;
  const { hash } = archive;
  const known = hash === undefined ? undefined : recentZips.get(hash);
  const zip = known ?? assetBytes(archive);
  if (hash !== undefined) {
    recentZips.delete(hash);
    recentZips.set(hash, zip);
    const [oldest] = recentZips.keys();
    if (recentZips.size > keptZips && oldest !== undefined) recentZips.delete(oldest);
  }
  return zip;
}

/** The code as Lambda takes it: bytes of a ZIP, an object of S3 or an image. */
export function codeOf(inputs: CodeInputs): FunctionCode {
  if (inputs.code) return { ZipFile: zipOf(inputs) };
  if (inputs.imageUri !== undefined) return { ImageUri: inputs.imageUri };
  return { S3Bucket: inputs.s3Bucket, S3Key: inputs.s3Key, S3ObjectVersion: inputs.s3ObjectVersion };
}

/** True when other code has to be sent: another archive by content, another object or image. */
export function codeChanged(olds: CodeInputs & { codeSha256?: string }, news: CodeInputs): boolean {
  if (news.code) return codeHash(zipOf(news)) !== olds.codeSha256;
  const fields = ["s3Bucket", "s3Key", "s3ObjectVersion", "imageUri"] as const;
  return olds.code !== undefined || fields.some((field) => (olds[field] ?? "") !== (news[field] ?? ""));
}
