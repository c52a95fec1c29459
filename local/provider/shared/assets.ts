import * as fs from "node:fs";
import * as path from "node:path";
import { type Zippable, zipSync } from "fflate";
import { assetSignature, archiveSignature, signatureKey } from "./signatures";

/** An asset or archive as it travels to a provider. */
export interface AssetLike {
  [signatureKey]: typeof assetSignature | typeof archiveSignature;
  hash?: string;
  text?: string;
  path?: string;
  uri?: string;
  assets?: Record<string, AssetLike>;
}

export function isAssetLike(value: unknown): value is AssetLike {
  const signature = (value as Partial<AssetLike> | null | undefined)?.[signatureKey];
  return signature === assetSignature || signature === archiveSignature;
}

/** Bytes of an asset; an archive gives the bytes of a ZIP that are the same for the same content. */
export function assetBytes(asset: AssetLike): Uint8Array {
  if (asset[signatureKey] === archiveSignature) return archiveBytes(asset);
  if (asset.text !== undefined) return Buffer.from(asset.text, "utf8");
  return fs.readFileSync(localPath(asset));
}

function archiveBytes(archive: AssetLike): Uint8Array {
  if (archive.assets === undefined) {
    const file = localPath(archive);
    if (!fs.statSync(file).isDirectory()) return fs.readFileSync(file);
  }
  const entries: [string, Uint8Array][] = [...archiveEntries(archive, "")];
  const files: Zippable = {};
  // ZIP entries carry a time: a constant one (the first that the format allows) keeps the bytes equal.
  const mtime = new Date(1980, 0, 1);
  for (const [name, bytes] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
    files[name] = [bytes, { mtime, attrs: 0o644 << 16, os: 3 }];
  }
  return zipSync(files);
}

function* archiveEntries(archive: AssetLike, prefix: string): Generator<[string, Uint8Array]> {
  if (archive.assets) {
    for (const [name, member] of Object.entries(archive.assets)) {
      const inner = path.posix.join(prefix, name);
      if (member[signatureKey] === archiveSignature) yield* archiveEntries(member, inner);
      else yield [inner, assetBytes(member)];
    }
    return;
  }
  const root = localPath(archive);
  for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    yield [
      path.posix.join(prefix, path.relative(root, file).split(path.sep).join("/")),
      fs.readFileSync(file),
    ];
  }
}

function localPath(asset: AssetLike): string {
  if (asset.path !== undefined) return asset.path;
  if (asset.uri?.startsWith("file://")) return new URL(asset.uri).pathname;
  throw new Error(
    `An asset ${asset.uri ? `at ${asset.uri}` : "without text and path"} cannot be read here: give its text or a local path.`,
  );
}
