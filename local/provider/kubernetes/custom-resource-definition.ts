import { setTimeout as sleep } from "node:timers/promises";
import type { Discovery } from "./discovery";
import type { KubernetesObject } from "./kubernetes-object";

const servedMilliseconds = 30_000;
const pollMilliseconds = 100;

interface DefinitionSpec {
  group: string;
  names: { kind: string };
  versions: { name: string; served: boolean }[];
}

/** The server takes a moment to serve a new kind; objects of it may follow in the same program. */
export async function waitUntilServed(definition: KubernetesObject, discovery: Discovery): Promise<void> {
  const { group, names, versions } = definition.spec as DefinitionSpec;
  const deadline = Date.now() + servedMilliseconds;
  for (const { name } of versions.filter(({ served }) => served)) {
    while (!(await discovery.serves({ apiVersion: `${group}/${name}`, kind: names.kind }))) {
      if (Date.now() > deadline) {
        throw new Error(
          `The API server does not serve ${names.kind} ${servedMilliseconds / 1000} s after its definition was applied. ` +
            `The conditions of ${definition.metadata.name} say why: ${JSON.stringify(definition.status ?? {})}`,
        );
      }
      await sleep(pollMilliseconds);
    }
  }
}
