import { S3Client } from "@aws-sdk/client-s3";
import fc from "fast-check";

import { copyObject, largestSingleCopy, planParts } from "../../../lambdas/data-validator/copy-object";
import { FakeAws } from "../fake-aws";

const gibibyte = 1024 ** 3;
const client = new S3Client({ region: "eu-west-1" });
const target = { bucket: "quarantine", key: "a" };

test("parts are every byte once, in sizes and numbers that S3 takes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 * 1024 * gibibyte }), (size) => {
      const parts = planParts(size);
      expect(parts.length).toBeLessThanOrEqual(10_000);
      expect(parts[0]?.first).toBe(0);
      expect(parts.at(-1)?.last).toBe(size - 1);
      expect(parts.every(({ first, last }) => last - first + 1 <= 5 * gibibyte)).toBe(true);
      expect(parts.every(({ first }, i) => i === 0 || first === (parts[i - 1]?.last ?? 0) + 1)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("an object of up to 5 GiB is copied in one request", async () => {
  const aws = new FakeAws({ CopyObjectCommand: () => ({}) }).replace(S3Client);
  await copyObject(client, { bucket: "raw", key: "x/ä b", size: largestSingleCopy }, target);
  expect(aws.inputsOf("CopyObjectCommand")).toEqual([
    { Bucket: "quarantine", Key: "a", CopySource: "raw/x/%C3%A4%20b" },
  ]);
});

test("a larger one is copied in parts", async () => {
  const aws = new FakeAws({
    CreateMultipartUploadCommand: () => ({ UploadId: "u" }),
    UploadPartCopyCommand: ({ PartNumber }) => ({ CopyPartResult: { ETag: `e${PartNumber as number}` } }),
    CompleteMultipartUploadCommand: () => ({}),
  }).replace(S3Client);
  await copyObject(client, { bucket: "raw", key: "x", versionId: "v", size: largestSingleCopy + 1 }, target);
  const ranges = aws.inputsOf("UploadPartCopyCommand").map(({ CopySourceRange }) => CopySourceRange);
  expect(ranges).toHaveLength(6);
  expect(ranges.at(-1)).toBe(`bytes=${5 * gibibyte}-${5 * gibibyte}`);
  expect(aws.inputsOf("CompleteMultipartUploadCommand")[0]?.MultipartUpload).toEqual({
    Parts: [1, 2, 3, 4, 5, 6].map((PartNumber) => ({ PartNumber, ETag: `e${PartNumber}` })),
  });
});

test("parts of a copy that fails are not left behind", async () => {
  const aws = new FakeAws({
    CreateMultipartUploadCommand: () => ({ UploadId: "u" }),
    UploadPartCopyCommand: () => {
      throw new Error("slow down");
    },
    AbortMultipartUploadCommand: () => ({}),
  }).replace(S3Client);
  await expect(copyObject(client, { bucket: "raw", key: "x", size: 6 * gibibyte }, target)).rejects.toThrow(
    "slow down",
  );
  expect(aws.inputsOf("AbortMultipartUploadCommand")).toEqual([
    { Bucket: "quarantine", Key: "a", UploadId: "u" },
  ]);
});
