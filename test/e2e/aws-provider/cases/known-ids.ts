import type * as pulumi from "@pulumi/pulumi";

/** Names and ids that a program learns while it runs, for the calls that go past Pulumi. */
export class KnownIds {
  private readonly ids = new Map<string, string>();

  /** Keeps the value under the name as soon as it is there. */
  remember(name: string, value: pulumi.Output<string>): void {
    value.apply((id) => this.ids.set(name, id));
  }

  get(name: string): string {
    const id = this.ids.get(name);
    if (id === undefined) throw new Error(`the program told nothing about "${name}"`);
    return id;
  }
}
