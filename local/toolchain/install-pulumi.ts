/** Runs Pulumi's own installer: `install-pulumi.ts <folder> <version>`. */
import { createRequire } from "node:module";
import { PulumiCommand, type PulumiCommandOptions } from "@pulumi/pulumi/automation";

type SemVer = NonNullable<PulumiCommandOptions["version"]>;

async function main(root: string, version: string): Promise<void> {
  // The class has to be the one that the Automation API itself uses.
  const semver = createRequire(require.resolve("@pulumi/pulumi"))("semver") as {
    SemVer: new (text: string) => SemVer;
  };
  await PulumiCommand.install({ root, version: new semver.SemVer(version) });
}

const [root, version] = process.argv.slice(2);
if (!root || !version) throw new Error("Usage: install-pulumi.ts <folder> <version>");
main(root, version).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
