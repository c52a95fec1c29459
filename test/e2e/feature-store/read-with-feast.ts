import * as fs from "node:fs";
import * as path from "node:path";

import { ensureFeast } from "../../../local/toolchain/feast";
import { runCommand } from "../../../local/toolchain/run-command";
import type { World } from "./world";

/** What is asked of Feast. */
export interface FeastRequest {
  /** `<view>:<feature>` */
  features: string[];
  /** Join keys of each entity. */
  entities: Record<string, string>[];
  /** How often the first entity is read for the time that it takes. */
  reads: number;
}

/** What Feast answered. */
export interface FeastAnswer {
  /** Values by column, one for each entity. */
  values: Record<string, unknown[]>;
  milliseconds: number[];
  /** Names of the views in the registry. */
  views: string[];
}

/** Copies a generated repository, applies it with the real Feast, and reads features online. */
export async function readWithFeast(
  world: World,
  bucket: string,
  prefix: string,
  request: FeastRequest,
): Promise<FeastAnswer> {
  const repository = path.join(world.folder, "repository");
  fs.mkdirSync(repository, { recursive: true });
  for (const file of ["feature_store.yaml", "features.py"]) {
    fs.writeFileSync(path.join(repository, file), await world.get(bucket, `${prefix}/${file}`));
  }
  const { region, endpoint, credentials } = world.endpoints.aws;
  const script = path.join(__dirname, "read_online.py");
  const { stdout } = await runCommand(await ensureFeast(), [script, repository, JSON.stringify(request)], {
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      FEAST_USAGE: "False",
    },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as FeastAnswer;
}
