/**
 * True when the whole says everything that the part says: AWS adds settings of its own to what was asked for. Lists of plain
 * values are compared without their order.
 */
export function contains(whole: unknown, part: unknown): boolean {
  if (part === undefined || part === null) return true;
  if (Array.isArray(part)) return containsList(whole, part);
  if (typeof part !== "object") return whole === part;
  if (typeof whole !== "object" || whole === null) return false;
  const fields = whole as Record<string, unknown>;
  return Object.entries(part).every(([key, value]) => contains(fields[key], value));
}

function containsList(whole: unknown, part: unknown[]): boolean {
  if (!Array.isArray(whole) || whole.length !== part.length) return false;
  const remaining = [...(whole as unknown[])];
  return part.every((item) => {
    const index = remaining.findIndex((candidate) => contains(candidate, item));
    if (index >= 0) remaining.splice(index, 1);
    return index >= 0;
  });
}
