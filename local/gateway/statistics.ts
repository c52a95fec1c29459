import type { Call } from "./routing";

/** Calls of one service since the gateway started. */
export interface ServiceCount {
  requests: number;
  /** Answers with status 400 and above. */
  errors: number;
}

/** An operation that no emulator carries, and how often it was asked for. */
export interface UnsupportedOperation {
  service: string;
  operation: string;
  count: number;
}

/** Counts what went through the gateway. */
export class Statistics {
  private readonly services = new Map<string, ServiceCount>();
  private readonly missing = new Map<string, UnsupportedOperation>();

  record(call: Call, status: number): void {
    const service = call.service ?? "unsigned";
    const count = this.services.get(service) ?? { requests: 0, errors: 0 };
    count.requests += 1;
    if (status >= 400) count.errors += 1;
    this.services.set(service, count);
  }

  recordUnsupported(call: Call): void {
    const service = call.service ?? "unsigned";
    const key = `${service} ${call.operation}`;
    const known = this.missing.get(key) ?? { service, operation: call.operation, count: 0 };
    known.count += 1;
    this.missing.set(key, known);
  }

  requests(): Record<string, ServiceCount> {
    return Object.fromEntries([...this.services].sort(([left], [right]) => left.localeCompare(right)));
  }

  unsupported(): UnsupportedOperation[] {
    return [...this.missing.values()];
  }
}
