import * as fs from "node:fs";
import * as path from "node:path";
import { cachedPySpark, ensurePySpark, requireJava } from "../../../local/toolchain/pyspark";
import { fakeProgram, restoreEnvironmentAfterEach, setEnvironment, temporaryFolder } from "./fakes";

const folder = temporaryFolder();
let cases = 0;
let bin = "";

/** A Java that says where it is and which version it has, on standard error as the real one does. */
const fakeJava = (version: string, home = "/java/home") =>
  `echo "    java.home = ${home}" >&2; echo "    java.version = ${version}" >&2`;

const fakePython = `
case "$2" in
  "import sys"*) echo 3.12.1; echo /usr/3.12.1 ;;
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  pip) echo "$@" >> pip-calls ;;
esac`;

restoreEnvironmentAfterEach();
beforeEach(() => {
  const root = path.join(folder, `case-${cases++}`);
  bin = path.join(root, "bin");
  fs.mkdirSync(bin, { recursive: true });
  // The folders of the system hold a real Java, so its tools are linked one by one.
  for (const tool of ["sh", "mkdir", "cp", "echo"]) fs.symlinkSync(`/bin/${tool}`, path.join(bin, tool));
  setEnvironment({ PATH: bin, JAVA_HOME: undefined, MLOPS_CACHE: path.join(root, "cache") });
});

it("installs the pinned packages once, and answers what a job runs with", async () => {
  fakeProgram(bin, "java", fakeJava("17.0.15"));
  fakeProgram(bin, "python3", fakePython);
  await expect(cachedPySpark()).resolves.toBeUndefined();
  const pyspark = await ensurePySpark();
  await expect(ensurePySpark()).resolves.toEqual(pyspark);
  await expect(cachedPySpark()).resolves.toEqual(pyspark);
  const environment = path.dirname(path.dirname(pyspark.python));
  expect(fs.readFileSync(path.join(environment, "pip-calls"), "utf8").trim()).toMatch(
    /^-m pip install --no-cache-dir --requirement \S+\/jobs\/batch-features\/requirements\.txt --no-input/,
  );
  expect(pyspark).toMatchObject({
    sparkSubmit: path.join(environment, "bin", "spark-submit"),
    environment: { JAVA_HOME: "/java/home", PYSPARK_PYTHON: pyspark.python, SPARK_LOCAL_IP: "127.0.0.1" },
  });
});

it("takes the Java of JAVA_HOME before the one on PATH", async () => {
  fakeProgram(bin, "java", fakeJava("21.0.1"));
  fakeProgram(path.join(bin, "jdk", "bin"), "java", fakeJava("17.0.2", path.join(bin, "jdk")));
  setEnvironment({ JAVA_HOME: path.join(bin, "jdk") });
  await expect(requireJava()).resolves.toEqual({ home: path.join(bin, "jdk"), version: "17.0.2" });
});

it.each([
  ["none", undefined, undefined, "but none is on PATH"],
  ["a newer one", fakeJava("21.0.1"), undefined, "but BIN/java is 21.0.1"],
  ["an old one", fakeJava("1.8.0_402"), undefined, "but BIN/java is 1.8.0_402"],
  ["one that does not run", "exit 1", undefined, "but BIN/java does not run"],
  [
    "a wrong JAVA_HOME",
    fakeJava("17.0.15"),
    "/nowhere",
    "JAVA_HOME is /nowhere, but /nowhere/bin/java is no",
  ],
])("with %s, one sentence says so and the way out", async (_what, script, home, words) => {
  if (script) fakeProgram(bin, "java", script);
  setEnvironment({ JAVA_HOME: home });
  const expected = `Java 17 is needed for Spark jobs, ${words.replace("BIN", bin)}`;
  await expect(ensurePySpark()).rejects.toThrow(expected);
  await expect(ensurePySpark()).rejects.toThrow("apt-get install openjdk-17-jre-headless");
  await expect(cachedPySpark()).resolves.toBeUndefined();
});
