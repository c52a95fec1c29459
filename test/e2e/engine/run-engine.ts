/**
 * One command of a small stack, in a process of its own that a test can kill:
 * `run-engine.ts <project root> <sandbox> <up|refresh|down> [settings as JSON]`. The last line it prints is its result as JSON.
 */
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import { refresh } from "../../../local/engine/operations";
import { stateOf } from "../../../local/engine/deployment";
import { deployLocal, openLocalStack, startSandbox, withEngine } from "../../../local/engine/session";
import { stopEmulators } from "../../../local/emulators";
import { Sandbox } from "../../../local/sandbox";

export interface Settings {
  /** Buckets, and as many ConfigMaps. */
  count: number;
  /** Value in each ConfigMap. */
  value: string;
  policyPacks?: string[];
  /** An unknown field in a manifest. */
  wrongManifest?: boolean;
}

const [projectRoot, name, action, given] = process.argv.slice(2);
const settings: Settings = { count: 2, value: "1", ...(JSON.parse(given ?? "{}") as Partial<Settings>) };
const say = (line: string) => console.error(line);

async function program() {
  const namespace = new kubernetes.core.v1.Namespace("team");
  for (let index = 0; index < settings.count; index++) {
    new aws.s3.Bucket(`bucket-${index}`, { forceDestroy: true });
    new kubernetes.core.v1.ConfigMap(`settings-${index}`, {
      metadata: { name: `settings-${index}`, namespace: namespace.metadata.name },
      data: { value: settings.value },
    });
  }
  if (settings.wrongManifest) {
    new kubernetes.apps.v1.Deployment("wrong", {
      metadata: { name: "wrong", namespace: namespace.metadata.name },
      spec: {
        selector: { matchLabels: { app: "wrong" } },
        template: {
          metadata: { labels: { app: "wrong" } },
          spec: { containers: [{ name: "c", image: "nginx", resources: { requests: { cpu: "much" } } }] },
        },
      },
    });
  }
  return { namespace: namespace.metadata.name };
}

async function main(): Promise<unknown> {
  const sandbox = await Sandbox.open({ name, projectRoot });
  if (action === "down") return { stopped: await stopEmulators(sandbox) };
  return withEngine(sandbox, say, async () => {
    const started = await startSandbox(sandbox, { providers: ["aws", "kubernetes"] }, say);
    const { stack, recovery } = await openLocalStack(started, { program, progress: say });
    const result =
      action === "refresh"
        ? await refresh({ stack, progress: say, sandbox })
        : await deployLocal(sandbox, stack, { progress: say, policyPacks: settings.policyPacks });
    const state = stateOf(await stack.exportStack());
    return {
      ...result,
      recovery,
      state,
      gatewayUrl: sandbox.gatewayUrl,
      kubeconfig: sandbox.paths.kubeconfig,
    };
  });
}

main().then(
  (result) => {
    console.log(JSON.stringify(result));
    process.exit();
  },
  (error: Error) => {
    console.log(JSON.stringify({ error: error.message }));
    process.exit(1);
  },
);
