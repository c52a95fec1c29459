import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { addNativePackages, nativePlatform, packageFolder } from "../../lambdas/native-modules";

jest.setTimeout(60_000);

describe("compiled packages beside a bundle", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "native-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const library = (): string =>
    path.join(folder, "node_modules", "@duckdb", `node-bindings-${nativePlatform}`, "libduckdb.so");

  test("are found by the code there, and are well below what Lambda takes", () => {
    expect(addNativePackages(folder)).toBeLessThan(100 * 1024 * 1024);
    fs.writeFileSync(
      path.join(folder, "index.js"),
      `process.stdout.write(require("@duckdb/node-bindings").library_version())`,
    );
    const isHost = `${process.platform}-${process.arch}` === nativePlatform;
    const { stdout } = spawnSync(process.execPath, [path.join(folder, "index.js")], { encoding: "utf8" });
    expect(isHost ? stdout : "v1").toMatch(/^v1/);
  });

  test("are not copied again, and what does not belong there goes", () => {
    const bytes = addNativePackages(folder);
    const first = fs.statSync(library());
    fs.writeFileSync(path.join(path.dirname(library()), "older.so"), "");
    expect(addNativePackages(folder)).toBe(bytes);
    expect(fs.statSync(library()).ino).toBe(first.ino);
    expect(fs.readdirSync(path.dirname(library()))).not.toContain("older.so");
  });

  test("are copied again where a copy was cut short", () => {
    addNativePackages(folder);
    const { size } = fs.statSync(library());
    fs.truncateSync(library(), 5);
    addNativePackages(folder);
    expect(fs.statSync(library()).size).toBe(size);
  });

  test("of another machine come from the registry, and only with the hash of the lock file", () => {
    const { MLOPS_CACHE, PATH } = process.env;
    const programs = path.join(folder, "programs");
    fs.mkdirSync(programs);
    fs.writeFileSync(path.join(programs, "npm"), `#!/bin/sh\necho other > "$5/package.tgz"\n`, {
      mode: 0o755,
    });
    try {
      Object.assign(process.env, { MLOPS_CACHE: path.join(folder, "cache"), PATH: `${programs}:${PATH}` });
      expect(() => packageFolder("@duckdb/node-bindings-linux-x64-musl")).toThrow(
        /node-bindings-linux-x64-musl 1\.\S+ is not installed on .*has the hash sha512-\S+ instead of sha512-/,
      );
      expect(fs.readdirSync(path.join(folder, "cache"))).toEqual([]);
    } finally {
      Object.assign(process.env, { PATH });
      if (MLOPS_CACHE === undefined) delete process.env.MLOPS_CACHE;
      else process.env.MLOPS_CACHE = MLOPS_CACHE;
    }
  });

  test("that the lock file does not name are refused", () => {
    expect(() => packageFolder("@duckdb/none")).toThrow(/package-lock.json does not name @duckdb\/none/);
  });
});
