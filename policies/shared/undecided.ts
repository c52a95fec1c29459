import { isUnknownValueError } from "./read";

/**
 * Collects what a policy could not decide because a value is unknown during preview, so that one unknown value
 * neither ends the check of the rest nor passes in silence.
 */
export class Undecided {
  private first: Error | undefined;
  private readonly places: string[] = [];

  /** Runs a check; an unknown value ends only this one. */
  attempt(place: string, check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!isUnknownValueError(error)) throw error;
      this.first ??= error;
      this.places.push(`${place} (${error.message})`);
    }
  }

  /**
   * Ends a policy run.
   * @throws the SDK's UnknownValueError, which the SDK reports as an advisory note, with everything undecided.
   */
  settle(): void {
    if (this.first === undefined) return;
    const shown = this.places.slice(0, 10);
    const more = this.places.length - shown.length;
    this.first.message = `undecided for ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    throw this.first;
  }
}

/**
 * Whether a predicate holds for some item; a certain yes counts more than an unknown.
 * @throws the SDK's UnknownValueError when no item is a certain yes and one is unknown
 */
export function someCertainly<T>(items: readonly T[], predicate: (item: T) => boolean): boolean {
  let unknown: Error | undefined;
  for (const item of items) {
    try {
      if (predicate(item)) return true;
    } catch (error) {
      if (!isUnknownValueError(error)) throw error;
      unknown ??= error;
    }
  }
  if (unknown !== undefined) throw unknown;
  return false;
}
