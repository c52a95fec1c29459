/** PySpark and the Java that it needs, for the Spark jobs that AWS runs on EMR Serverless. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { SandboxError } from "../sandbox-error";
import { ensureEntry, findEntry } from "./cache";
import { findOnPath, isExecutable } from "./find-program";
import { type Progress, noProgress } from "./progress";
import { type Python, pip, requirePython } from "./python";
import { runCommand } from "./run-command";

/** The Java of EMR 7, and the newest that its Spark is released for. */
const JAVA_VERSION = 17;
const REQUIREMENTS = path.join(__dirname, "..", "..", "jobs", "batch-features", "requirements.txt");
const WAY_OUT = `Install Java ${JAVA_VERSION} (Debian and Ubuntu: apt-get install openjdk-${JAVA_VERSION}-jre-headless), or set JAVA_HOME to it`;

/** What a Spark job is run with. */
export interface PySpark {
  /** Absolute path of the Python that has the package pyspark. */
  python: string;
  /** Absolute path of `spark-submit`. */
  sparkSubmit: string;
  /** Variables that either of them needs beside those of this process. */
  environment: Record<string, string>;
}

/** A Java that Spark can run on. */
export interface Java {
  home: string;
  version: string;
}

/**
 * The Python, with PySpark, and the Java that Spark jobs run with; installed once for each set of requirements.
 *
 * @throws SandboxError when there is no Java or Python that can be used, or a package cannot be downloaded.
 */
export async function ensurePySpark(progress: Progress = noProgress): Promise<PySpark> {
  const java = await requireJava();
  const base = await requirePython();
  const folder = await ensureEntry(
    {
      tool: "pyspark",
      version: environmentVersion(base),
      title: `Installing PySpark with Python ${base.version}`,
      // pip unpacks the archive of 320 MB and builds a wheel of the same size before it installs.
      bytesNeeded: 2e9,
      build: (target) => createEnvironment(base, target, progress),
    },
    progress,
  );
  return describe(folder, java);
}

/** What {@link ensurePySpark} answers if nothing has to be installed for it. */
export async function cachedPySpark(): Promise<PySpark | undefined> {
  try {
    const java = await requireJava();
    const folder = findEntry("pyspark", environmentVersion(await requirePython()));
    return folder === undefined ? undefined : describe(folder, java);
  } catch (error) {
    if (error instanceof SandboxError) return undefined;
    throw error;
  }
}

/**
 * The Java of JAVA_HOME, else the first on PATH.
 *
 * @throws SandboxError when it is missing or of another version.
 */
export async function requireJava(environment: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const home = environment["JAVA_HOME"];
  const command = home ? path.resolve(home, "bin", "java") : findOnPath("java", environment);
  const place = home ? `JAVA_HOME is ${home}, but` : "but";
  if (!command || !isExecutable(command)) {
    throw javaFault(home ? `${place} ${String(command)} is no program` : `${place} none is on PATH`);
  }
  const java = await askJava(command);
  if (!java) throw javaFault(`${place} ${command} does not run`);
  if (majorVersion(java.version) !== JAVA_VERSION) {
    throw javaFault(`${place} ${command} is ${java.version}`);
  }
  return java;
}

function javaFault(seen: string): SandboxError {
  return new SandboxError(`Java ${JAVA_VERSION} is needed for Spark jobs, ${seen}. ${WAY_OUT}.`);
}

/** Java itself says where it is installed; a command on PATH may be a link or a wrapper. */
async function askJava(command: string): Promise<Java | undefined> {
  try {
    const { stdout, stderr } = await runCommand(command, ["-XshowSettings:properties", "-version"], {
      timeoutMilliseconds: 20_000,
    });
    const property = (name: string) =>
      new RegExp(`^ *${name} = (.+)$`, "m").exec(stdout + stderr)?.[1]?.trim();
    const [home, version] = [property("java\\.home"), property("java\\.version")];
    return home && version ? { home, version } : undefined;
  } catch {
    return undefined;
  }
}

/** 17 of "17.0.15", 8 of "1.8.0_402". */
function majorVersion(version: string): number {
  const [first = 0, second = 0] = version.split(/[._-]/).map(Number);
  return first === 1 ? second : first;
}

function environmentVersion(base: Python): string {
  const hash = createHash("sha256").update(fs.readFileSync(REQUIREMENTS)).update(base.installation);
  return `${base.version}-${hash.digest("hex").slice(0, 12)}`;
}

async function createEnvironment(base: Python, folder: string, progress: Progress): Promise<void> {
  await runCommand(base.command, ["-m", "venv", folder]);
  // The wheel that pip builds would stay in its own cache, as large as the environment itself.
  await pip(folder, ["install", "--no-cache-dir", "--requirement", REQUIREMENTS], (line) => {
    const name = /^(?:Collecting|Building wheels? for collected packages:) (\S+)/.exec(line)?.[1];
    if (name?.startsWith("pyspark")) progress(`${line.startsWith("B") ? "Building" : "Downloading"} ${name}`);
  });
}

function describe(folder: string, java: Java): PySpark {
  const python = path.join(folder, "bin", "python");
  return {
    python,
    sparkSubmit: path.join(folder, "bin", "spark-submit"),
    environment: {
      JAVA_HOME: java.home,
      PYSPARK_PYTHON: python,
      PYSPARK_DRIVER_PYTHON: python,
      // Spark would bind to the machine's outer address, and asks the resolver for it, which may not answer.
      SPARK_LOCAL_IP: "127.0.0.1",
    },
  };
}
