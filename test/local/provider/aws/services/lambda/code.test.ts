import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { codeChanged, codeHash, codeOf } from "../../../../../../local/provider/aws/services/lambda/code";
import {
  archiveSignature,
  assetSignature,
  signatureKey,
} from "../../../../../../local/provider/shared/signatures";

function archive(text: string) {
  return {
    [signatureKey]: archiveSignature,
    assets: { "index.js": { [signatureKey]: assetSignature, text } },
  };
}

function sentHash(text: string): string {
  return codeHash(codeOf({ code: archive(text) }).ZipFile!);
}

it("makes the same ZIP of a folder and of an archive with the same content", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lambda-code-"));
  try {
    fs.writeFileSync(path.join(folder, "index.js"), "same");
    const fromFolder = codeOf({ code: { [signatureKey]: archiveSignature, path: folder } }).ZipFile!;
    expect(codeHash(fromFolder)).toBe(sentHash("same"));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

it.each([
  [false, "the same content", { codeSha256: sentHash("a") }, { code: archive("a") }],
  [true, "other content", { codeSha256: sentHash("a") }, { code: archive("b") }],
  [true, "code that someone else put there", { codeSha256: "theirs" }, { code: archive("a") }],
  [false, "the same object", { s3Bucket: "b", s3Key: "k" }, { s3Bucket: "b", s3Key: "k" }],
  [
    true,
    "another version of the object",
    { s3Bucket: "b", s3Key: "k" },
    { s3Bucket: "b", s3Key: "k", s3ObjectVersion: "2" },
  ],
  [true, "an image in place of an archive", { code: archive("a"), codeSha256: "x" }, { imageUri: "image:1" }],
  [true, "another image", { imageUri: "image:1" }, { imageUri: "image:2" }],
])("code changed: %s for %s", (expected, _what, olds, news) => {
  expect(codeChanged(olds, news)).toBe(expected);
});

it("packs an archive once as long as the engine gives it the same hash", () => {
  const zipOf = (text: string, hash?: string) => codeOf({ code: { ...archive(text), hash } }).ZipFile;
  expect(zipOf("a", "1")).toBe(zipOf("a", "1"));
  expect(codeHash(zipOf("b", "2")!)).toBe(sentHash("b"));
  expect(zipOf("a")).not.toBe(zipOf("a"));
  const first = zipOf("a", "1");
  for (const hash of ["3", "4", "5", "6"]) zipOf(hash, hash);
  expect(zipOf("a", "1")).not.toBe(first);
});

it("sends an object or an image by its name", () => {
  expect(codeOf({ s3Bucket: "b", s3Key: "k" })).toEqual({ S3Bucket: "b", S3Key: "k" });
  expect(codeOf({ imageUri: "image:1" })).toEqual({ ImageUri: "image:1" });
});
