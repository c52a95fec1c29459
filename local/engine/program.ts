import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/** The program of `stacks/index.ts`, imported only when it runs: reading the provider packages takes seconds. */
export const platformProgram: PulumiFn = async () => {
  const { parsePlatformConfig } = await import("../../stacks/config.js");
  const { deployPlatform, guardAccount } = await import("../../stacks/platform.js");
  const config = parsePlatformConfig(new pulumi.Config("mlops").requireObject("platform"));
  await guardAccount(config);
  return { ...deployPlatform(config) };
};
