import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { unzipSync } from "fflate";
import { type AssetLike, assetBytes } from "../../../../local/provider/shared/assets";
import { archiveSignature, assetSignature, signatureKey } from "../../../../local/provider/shared/signatures";

const text = (content: string): AssetLike => ({ [signatureKey]: assetSignature, text: content });
const archive = (assets: Record<string, AssetLike>): AssetLike => ({
  [signatureKey]: archiveSignature,
  assets,
});
const contents = (bytes: Uint8Array) =>
  Object.fromEntries(
    Object.entries(unzipSync(bytes)).map(([name, data]) => [name, Buffer.from(data).toString()]),
  );

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "assets-"));
  fs.mkdirSync(path.join(folder, "inner"));
  fs.writeFileSync(path.join(folder, "index.js"), "main");
  fs.writeFileSync(path.join(folder, "inner", "part.js"), "part");
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

describe("assetBytes", () => {
  it("reads text and files", () => {
    expect(Buffer.from(assetBytes(text("hello"))).toString()).toBe("hello");
    const file = { [signatureKey]: assetSignature, path: path.join(folder, "index.js") } as AssetLike;
    expect(Buffer.from(assetBytes(file)).toString()).toBe("main");
  });

  it("zips folders and nested archives", () => {
    const directory = { [signatureKey]: archiveSignature, path: folder } as AssetLike;
    expect(contents(assetBytes(directory))).toEqual({ "index.js": "main", "inner/part.js": "part" });
    const nested = archive({ "a.txt": text("a"), deep: archive({ "b.txt": text("b") }) });
    expect(contents(assetBytes(nested))).toEqual({ "a.txt": "a", "deep/b.txt": "b" });
  });

  it("gives the same bytes for the same content, whatever the order and the time", () => {
    const first = assetBytes(archive({ "a.txt": text("a"), "b.txt": text("b") }));
    fs.utimesSync(path.join(folder, "index.js"), 0, 0);
    const second = assetBytes(archive({ "b.txt": text("b"), "a.txt": text("a") }));
    expect(Buffer.compare(Buffer.from(first), Buffer.from(second))).toBe(0);
  });

  it("says what it cannot read", () => {
    const remote = { [signatureKey]: assetSignature, uri: "https://example.com/a" } as AssetLike;
    expect(() => assetBytes(remote)).toThrow(
      "https://example.com/a cannot be read here: give its text or a local path",
    );
  });
});
