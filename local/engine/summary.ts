/** What a stack consists of: which resources an emulator really has, and which are only recorded. */
import { SandboxError } from "../sandbox";
import { type DeploymentState, managedResources } from "./deployment";

/** Share of applied resources below which the local stack proves too little. */
export const minimumAppliedShare = 0.9;

export interface ResourceSummary {
  total: number;
  /** Made in an emulator or in the API server. */
  applied: number;
  /** Types that live in the state only, with their number and the reason. */
  recorded: { type: string; count: number; reason: string }[];
  /** 0 to 1; 1 when there are no resources. */
  appliedShare: number;
}

/** Why a resource is only recorded, by its type and what it asks for; undefined for one that is applied. */
export type RecordedReason = (type: string, inputs?: Record<string, unknown>) => string | undefined;

export function summarize(state: DeploymentState, recordedReason: RecordedReason): ResourceSummary {
  const resources = managedResources(state).filter((resource) => !resource.delete);
  const recorded = new Map<string, { type: string; count: number; reason: string }>();
  for (const { type, inputs } of resources) {
    const reason = recordedReason(type, inputs);
    if (reason === undefined) continue;
    const entry = recorded.get(type) ?? { type, count: 0, reason };
    recorded.set(type, { ...entry, count: entry.count + 1 });
  }
  const total = resources.length;
  const list = [...recorded.values()].sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
  const applied = total - list.reduce((sum, { count }) => sum + count, 0);
  return { total, applied, recorded: list, appliedShare: total === 0 ? 1 : applied / total };
}

/** The reasons of the sandbox's own providers. Reads the SDK clients of every service, which takes a moment. */
export async function sandboxReasons(): Promise<RecordedReason> {
  const { recordedReason } = await import("../provider/aws/registry.js");
  // Everything of Kubernetes goes to a real API server.
  return (type, inputs) => (type.startsWith("aws:") ? recordedReason(type, inputs) : undefined);
}

/** Lines for people. */
export function describeSummary({ total, applied, recorded, appliedShare }: ResourceSummary): string[] {
  return [
    `${total} resources: ${applied} applied to an emulator (${percent(appliedShare)}), ${total - applied} recorded in state only`,
    ...recorded.map(({ type, count, reason }) => `  recorded ${count} × ${type}: ${reason}`),
  ];
}

/** @throws SandboxError when too few resources are applied to prove anything. */
export function requireApplied({ total, applied, appliedShare }: ResourceSummary): void {
  if (appliedShare >= minimumAppliedShare) return;
  throw new SandboxError(
    `Only ${applied} of ${total} resources (${percent(appliedShare)}) are applied to an emulator; ` +
      `at least ${percent(minimumAppliedShare)} have to be. The recorded types are listed above.`,
  );
}

/** Rounded down, so that a missed limit never looks like a met one. */
function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
