import type { PulumiFn } from "@pulumi/pulumi/automation";

/** The program of `pulumi up`, imported only when it runs: reading the provider packages takes seconds. */
export const platformProgram: PulumiFn = async () => {
  const { default: program } = await import("../../stacks/index.js");
  return { ...(await program()) };
};
