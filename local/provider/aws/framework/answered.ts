import type { Properties } from "./types";

/**
 * Leaves out what the answer does not carry. For properties that AWS always answers when they are set, and an emulator does not:
 * `read` then says nothing about them and the last known value stays.
 */
export function answered(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
