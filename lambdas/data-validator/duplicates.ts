import { createHash } from "node:crypto";

/** Bytes of SHA-256 that are kept per key: among ten million keys two collide with a chance of about 1 in 10^15. */
const keptBytes = 12;

/** Remembers the keys of rows by a short hash, so that memory grows with the number of rows and not with their size. */
export class SeenKeys {
  private readonly seen = new Set<string>();

  /** @returns whether the key was seen before */
  addAndTell(key: readonly string[]): boolean {
    // JSON keeps the borders of the values: ("a", "bc") is not ("ab", "c").
    const digest = createHash("sha256").update(JSON.stringify(key)).digest().toString("latin1", 0, keptBytes);
    const before = this.seen.size;
    return this.seen.add(digest).size === before;
  }
}
