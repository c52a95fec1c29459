/** What the engine is doing, put together from its events. */
import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation";
import { formatDuration } from "../toolchain/progress";

/** Resources by what happened to them; components are not counted. */
export interface Counts {
  created: number;
  updated: number;
  replaced: number;
  deleted: number;
  unchanged: number;
  failed: number;
}

/** A policy of the pack that a resource does not keep. */
export interface PolicyViolation {
  policy: string;
  pack: string;
  mandatory: boolean;
  /** Type and name, or the stack. */
  resource: string;
  message: string;
}

/** An error that the engine reported. */
export interface ResourceFailure {
  /** Type and name; undefined for errors of the program. */
  resource?: string;
  message: string;
}

const outcomes: Partial<Record<OpType, keyof Counts>> = {
  create: "created",
  import: "created",
  update: "updated",
  "create-replacement": "replaced",
  delete: "deleted",
  same: "unchanged",
};

/** Running operations that a line names. */
const shownAtMost = 3;

/** What the engine says of calls that it ended because another one had failed. */
const followUp =
  /client connection is closing|context canceled|operation was canceled|resource monitor shut down/i;

export class Activity {
  readonly counts: Counts = { created: 0, updated: 0, replaced: 0, deleted: 0, unchanged: 0, failed: 0 };
  readonly violations: PolicyViolation[] = [];
  readonly failures: ResourceFailure[] = [];
  private readonly current = new Map<string, string>();
  private readonly started = Date.now();

  /** Takes the next event. */
  add(event: EngineEvent): void {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent } = event;
    if (resourcePreEvent) this.begin(resourcePreEvent.metadata);
    if (resOutputsEvent) this.end(resOutputsEvent.metadata);
    if (resOpFailedEvent) {
      this.counts.failed++;
      this.current.delete(resOpFailedEvent.metadata.urn);
    }
    if (diagnosticEvent?.severity === "error")
      this.fail(diagnosticEvent.urn, withoutStack(plainText(diagnosticEvent.message)));
    if (policyEvent) {
      this.violations.push({
        policy: policyEvent.policyName,
        pack: policyEvent.policyPackName,
        mandatory: policyEvent.enforcementLevel === "mandatory",
        resource: shortName(policyEvent.resourceUrn ?? "") ?? "the stack",
        message: violationOf(plainText(policyEvent.message)),
      });
    }
  }

  get milliseconds(): number {
    return Date.now() - this.started;
  }

  /** One line: counts, what is running, time. */
  line(): string {
    const counts = Object.entries(this.counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name}`);
    const running = [...this.current.values()];
    const more = running.length > shownAtMost ? ` and ${running.length - shownAtMost} more` : "";
    const now = running.length > 0 ? `now ${running.slice(0, shownAtMost).join(", ")}${more}` : undefined;
    return [counts.join(", ") || "starting", now, formatDuration(this.milliseconds)]
      .filter(Boolean)
      .join(" · ");
  }

  private begin(step: StepEventMetadata): void {
    if (step.op !== "same" && isCounted(step)) this.current.set(step.urn, shortName(step.urn)!);
  }

  private end(step: StepEventMetadata): void {
    this.current.delete(step.urn);
    const outcome = outcomes[step.op];
    if (outcome && isCounted(step)) this.counts[outcome]++;
  }

  /** Errors without those that only follow from another one, such as a call that was cut off by it. */
  get causes(): ResourceFailure[] {
    const causes = this.failures.filter(({ message }) => !followUp.test(message));
    return causes.length > 0 ? causes : this.failures;
  }

  private fail(urn: string | undefined, message: string): void {
    const resource = urn ? shortName(urn) : undefined;
    // The engine says at the end that the update failed, which everybody knows by then.
    if (message === "" || /^(update|preview|destroy|refresh) failed$/.test(message)) return;
    if (this.failures.some((failure) => failure.message.includes(message))) return;
    this.failures.push({ resource, message });
  }
}

/** Resources of a provider, not components, providers or the stack. */
export function isCounted(step: Pick<StepEventMetadata, "type" | "new" | "old">): boolean {
  if (step.type.startsWith("pulumi:")) return false;
  return (step.new ?? step.old)?.custom === true;
}

/** `aws:s3/bucket:Bucket raw`; undefined for the stack itself. */
export function shortName(urn: string): string | undefined {
  const [, , types, ...name] = urn.split("::");
  const type = types?.split("$").at(-1);
  return type === undefined || type === "pulumi:pulumi:Stack" ? undefined : `${type} ${name.join("::")}`;
}

/** An exception of the program comes with its stack, which `--verbose` shows. */
function withoutStack(message: string): string {
  const lines = message.split("\n").filter((line) => !/^\s+at\s/.test(line));
  return lines.join("\n").replace(/^Unhandled exception: (\w*Error: )?/, "");
}

/** The engine puts the policy's description on a line before what the policy says of the resource. */
function violationOf(message: string): string {
  const [description, ...violation] = message.split("\n");
  return violation.join("\n").trim() || description!;
}

/** Takes Pulumi's colour marks and the escape codes of terminals out. */
function plainText(text: string): string {
  return text
    .replace(/<\{%[^%]*%\}>/g, "")
    .replace(/\u001b\[[0-9;]*m/g, "")
    .trim();
}
