import * as fs from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const schema = z.object({
  "current-context": z.string(),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({ server: z.url(), "certificate-authority-data": z.base64().optional() }),
    }),
  ),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string().min(1) }) })),
});

/** How to reach one API server. */
export interface ClusterAccess {
  /** Base URL. */
  server: string;
  /** PEM. @default the system's authorities */
  certificateAuthority?: string;
  token: string;
}

/**
 * The cluster of the sandbox's own kubeconfig, which always holds a token: no other way to log in is understood, so
 * that a user's kubeconfig with its plugins can never be taken by mistake.
 *
 * @throws Error when the file cannot be read or is of another shape.
 */
export function readKubeconfig(file: string): ClusterAccess {
  const parsed = schema.safeParse(parse(fs.readFileSync(file, "utf8")));
  if (!parsed.success)
    throw new Error(`${file} is not a kubeconfig of a sandbox: ${z.prettifyError(parsed.error)}`);
  const config = parsed.data;
  const context = find(config.contexts, config["current-context"], file).context;
  const { cluster } = find(config.clusters, context.cluster, file);
  const authority = cluster["certificate-authority-data"];
  return {
    server: cluster.server,
    certificateAuthority: authority && Buffer.from(authority, "base64").toString("utf8"),
    token: find(config.users, context.user, file).user.token,
  };
}

function find<Entry extends { name: string }>(entries: Entry[], name: string, file: string): Entry {
  const entry = entries.find((each) => each.name === name);
  if (!entry) throw new Error(`${file} names "${name}" and does not hold it.`);
  return entry;
}
