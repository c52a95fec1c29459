import * as assert from "node:assert/strict";
import { contains } from "../../../local/provider/aws/services/support/contains";
import { sameValue } from "../../../local/provider/shared/compare";
import { signatureKey } from "../../../local/provider/shared/signatures";
import { type EngineStack, type StateResource, touched } from "./harness";

/** Configuration of an SDK client that sees the same AWS as the provider. */
export interface ClientSettings {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** Settings of clients of every service. */
export interface Endpoints {
  aws: ClientSettings;
}

/** One service's types through their whole life. */
export interface ServiceCase {
  service: string;
  /** Declares the resources; `changed` asks for the second version of them. */
  program(changed: boolean): void | Record<string, unknown> | Promise<void | Record<string, unknown>>;
  /** "type name" of what the second version changes in place. */
  updated: string[];
  /** "type name" of what the second version replaces. */
  replaced?: string[];
  /** Changes or removes something behind Pulumi's back. */
  tamper(endpoints: Endpoints): Promise<void>;
  /** "type name" of what the next `up` has to put right in place. */
  repaired?: string[];
  /** "type name" of what the next `up` has to make again. */
  recreated?: string[];
  /** What AWS still holds of the case after `destroy`. */
  leftovers(endpoints: Endpoints): Promise<unknown[]>;
}

/** Cases of several services as one: the engine runs once for all of them. */
export function combine(service: string, cases: ServiceCase[]): ServiceCase {
  const lists = (name: "updated" | "replaced" | "repaired" | "recreated") =>
    cases.flatMap((each) => each[name] ?? []);
  return {
    service,
    async program(changed) {
      for (const each of cases) await each.program(changed);
    },
    updated: lists("updated"),
    replaced: lists("replaced"),
    repaired: lists("repaired"),
    recreated: lists("recreated"),
    async tamper(endpoints) {
      for (const each of cases) await each.tamper(endpoints);
    },
    async leftovers(endpoints) {
      const found: unknown[] = [];
      for (const each of cases) found.push(...(await each.leftovers(endpoints)));
      return found;
    },
  };
}

/** Inputs that the outputs do not repeat, so that dependants would miss them; secrets are encrypted in both. */
export function lostInputs(resources: StateResource[]): string[] {
  return resources.flatMap(({ type, urn, inputs = {}, outputs = {} }) =>
    Object.entries(inputs)
      .filter(([name, value]) => !name.startsWith("__") && !JSON.stringify(value).includes(signatureKey))
      .filter(([name, value]) => !sameValue(value, outputs[name]) && !contains(outputs[name], value))
      .map(([name]) => `${type} ${urn.split("::").at(-1)} ${name}`),
  );
}

/** Takes one case through up, empty up, refresh, change, tampering, repair and destroy. */
export async function runServiceCase(
  stack: EngineStack,
  subject: ServiceCase,
  endpoints: Endpoints,
): Promise<void> {
  const first = async () => void (await subject.program(false));
  const second = async () => void (await subject.program(true));
  const nothing = async (what: string, operations: Awaited<ReturnType<EngineStack["up"]>>) =>
    assert.deepEqual(
      touched(operations, "create", "update", "replace", "delete"),
      [],
      `${subject.service}: ${what}`,
    );

  const created = await stack.up(first);
  assert.ok(created.size > 0, `${subject.service}: nothing was created`);
  assert.deepEqual(touched(created, "update", "replace", "delete", "same"), []);
  assert.deepEqual(
    lostInputs(await stack.resources()),
    [],
    `${subject.service}: inputs that are not outputs`,
  );
  await nothing("a second up changes something", await stack.up(first));
  await nothing("a refresh right after up finds a change", await stack.refresh());
  await nothing("an up after a refresh changes something", await stack.up(first));

  const changed = await stack.up(second);
  assert.deepEqual(touched(changed, "update"), [...subject.updated].sort(), `${subject.service}: updated`);
  assert.deepEqual(
    touched(changed, "replace"),
    [...(subject.replaced ?? [])].sort(),
    `${subject.service}: replaced`,
  );
  await nothing("an up after the change changes something", await stack.up(second));
  await nothing("a refresh after the change finds a change", await stack.refresh());

  await subject.tamper(endpoints);
  const found = touched(await stack.refresh(), "update", "delete");
  const expected = [...(subject.repaired ?? []), ...(subject.recreated ?? [])].sort();
  assert.deepEqual(found, expected, `${subject.service}: found by refresh`);
  const repaired = await stack.up(second);
  assert.deepEqual(
    touched(repaired, "update"),
    [...(subject.repaired ?? [])].sort(),
    `${subject.service}: repaired`,
  );
  assert.deepEqual(
    touched(repaired, "create"),
    [...(subject.recreated ?? [])].sort(),
    `${subject.service}: recreated`,
  );
  await nothing("a refresh after the repair finds a change", await stack.refresh());

  await stack.destroy();
  assert.deepEqual(await stack.resources(), [], `${subject.service}: resources left in the state`);
  assert.deepEqual(await subject.leftovers(endpoints), [], `${subject.service}: left in AWS`);
}
