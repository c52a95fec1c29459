/** What the engine needs built before it runs: the Lambdas' code and the policy pack. */
import * as path from "node:path";
import { SOURCE_ROOT } from "../emulators/environment";

/** Builds both; takes about a second. Answers the total size of the Lambdas. */
export async function buildBundles(): Promise<{ lambdaBytes: number; policyPacks: string[] }> {
  const { buildLambdas } = await import("../../lambdas/build.js");
  const { buildPolicies } = await import("../../policies/build.js");
  const bundles = buildLambdas(path.join(SOURCE_ROOT, "lambdas", "dist"));
  const policies = path.join(SOURCE_ROOT, "policies");
  await buildPolicies(policies);
  return { lambdaBytes: bundles.reduce((sum, { bytes }) => sum + bytes, 0), policyPacks: [policies] };
}
