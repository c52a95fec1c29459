import { listAt, textAt, valueAt } from "./read";

/** A container of a pod. */
export interface Container {
  name: string;
  /** Whether the container runs to its end before the others start. */
  isInit: boolean;
  body: unknown;
}

/** The template that a workload makes its pods from: `metadata` and `spec`. A bare Pod is its own template. */
export function podTemplateOf(type: string, props: unknown): unknown {
  if (type.endsWith(":Pod")) return props;
  if (type.endsWith(":CronJob")) return valueAt(props, "spec", "jobTemplate", "spec", "template");
  return valueAt(props, "spec", "template");
}

/** Every container of a workload's pods. */
export function containersOf(type: string, props: unknown): Container[] {
  const spec = valueAt(podTemplateOf(type, props), "spec");
  const named = (key: string, isInit: boolean) =>
    listAt(spec, key).map((body, index) => ({ name: textAt(body, "name") ?? `${index + 1}`, isInit, body }));
  return [...named("initContainers", true), ...named("containers", false)];
}
