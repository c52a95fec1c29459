/** A process of its own that dies in the middle of a build. */
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEntry } from "../../../local/toolchain/cache";

void ensureEntry(
  {
    tool: "tool",
    version: "1",
    title: "Building",
    bytesNeeded: 0,
    build: async (folder) => {
      fs.writeFileSync(path.join(folder, "half"), "");
      process.kill(process.pid, "SIGKILL");
    },
  },
  () => undefined,
);
