import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";

import type { S3Location } from "../shared/s3-uri";

const gibibyte = 1024 ** 3;
/** The largest object that S3 copies in one request. */
export const largestSingleCopy = 5 * gibibyte;
const partBytes = gibibyte;
/** S3 takes at most 10,000 parts and objects of 5 TiB. */
const mostParts = 10_000;
/** Parts that are copied at once. */
const atOnce = 8;

/** First and last byte of a part, both inclusive. */
export interface PartRange {
  first: number;
  last: number;
}

/**
 * Cuts an object into parts for a copy.
 * @returns the ranges in order; together they are every byte once
 */
export function planParts(size: number): PartRange[] {
  const length = Math.max(partBytes, Math.ceil(size / mostParts));
  return Array.from({ length: Math.ceil(size / length) }, (_, part) => ({
    first: part * length,
    last: Math.min(size, (part + 1) * length) - 1,
  }));
}

/** Copies an object of any size within S3. Nothing of it passes through the function. */
export async function copyObject(
  s3: S3Client,
  from: S3Location & { versionId?: string; size: number },
  to: S3Location,
): Promise<void> {
  const path = [from.bucket, ...from.key.split("/")].map(encodeURIComponent).join("/");
  const version = from.versionId === undefined ? "" : `?versionId=${encodeURIComponent(from.versionId)}`;
  const source = path + version;
  if (from.size <= largestSingleCopy) {
    await s3.send(new CopyObjectCommand({ Bucket: to.bucket, Key: to.key, CopySource: source }));
  } else await copyInParts(s3, source, from.size, to);
}

async function copyInParts(s3: S3Client, source: string, size: number, to: S3Location): Promise<void> {
  const target = { Bucket: to.bucket, Key: to.key };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const upload = { ...target, UploadId };
  try {
    const parts = planParts(size).map((range, index) => ({ ...range, PartNumber: index + 1 }));
    const copied: { PartNumber: number; ETag?: string }[] = [];
    const work = async (): Promise<void> => {
      for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
        const { PartNumber, first, last } = part;
        const { CopyPartResult } = await s3.send(
          new UploadPartCopyCommand({
            ...upload,
            PartNumber,
            CopySource: source,
            CopySourceRange: `bytes=${first}-${last}`,
          }),
        );
        copied.push({ PartNumber, ETag: CopyPartResult?.ETag });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    copied.sort((a, b) => a.PartNumber - b.PartNumber);
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: copied } }));
  } catch (error) {
    // Parts of an upload that is never completed would be paid for.
    await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}
