import * as pulumi from "@pulumi/pulumi";

/** One fault in the arguments of a component. */
export interface ArgumentFault {
  /** Path of the field in the arguments, for example `scaling.minimumReplicas`. */
  path: string;
  /** A sentence: what was given and what is allowed. */
  reason: string;
}

/** Collects faults in plain argument values, so that a caller sees all of them at once. */
export class ArgumentChecker {
  private readonly faults: ArgumentFault[] = [];

  /** Notes a fault when `valid` is false. */
  require(valid: boolean, path: string, reason: string): this {
    if (!valid) this.faults.push({ path, reason });
    return this;
  }

  /** Checks a number that is known already; values that are Outputs are left to AWS. */
  range(value: pulumi.Input<number> | undefined, path: string, minimum: number, maximum: number): this {
    if (typeof value !== "number") return this;
    return this.require(
      value >= minimum && value <= maximum,
      path,
      `${value} was given; allowed is ${minimum} to ${maximum}`,
    );
  }

  /** Checks that exactly one of two ways to provide something was chosen, or neither. */
  notBoth(first: unknown, firstPath: string, second: unknown, secondPath: string): this {
    return this.require(
      first === undefined || second === undefined,
      firstPath,
      `${firstPath} and ${secondPath} were both given; give one of them`,
    );
  }

  /**
   * Ends the check.
   * @throws pulumi.InputPropertiesError with every fault and its path.
   */
  done(component: string): void {
    if (this.faults.length === 0) return;
    const summary = this.faults.map(({ path, reason }) => `${path}: ${reason}`).join("; ");
    throw new pulumi.InputPropertiesError({
      message: `${component}: ${summary}`,
      errors: this.faults.map(({ path, reason }) => ({ propertyPath: path, reason })),
    });
  }
}
