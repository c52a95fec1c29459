import type { CheckFailure, Values } from "../../shared/service";
import { defaultRegion } from "../clients";

/** What the sandbox honours of the AWS provider's configuration; the rest (endpoints, skip…, profile…) is for real AWS. */
export interface ProviderConfiguration {
  region: string;
  defaultTags: Record<string, string>;
  allowedAccountIds: string[];
  forbiddenAccountIds: string[];
}

/** Provider settings may arrive as JSON text, for that is how the SDK sends nested ones. */
function setting(values: Values, name: string): unknown {
  const value = values[name];
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

export function parseConfiguration(values: Values, environment: NodeJS.ProcessEnv): ProviderConfiguration {
  const region = setting(values, "region");
  const defaultTags = setting(values, "defaultTags") as { tags?: Record<string, string> } | undefined;
  return {
    region: typeof region === "string" && region !== "" ? region : (environment.AWS_REGION ?? defaultRegion),
    defaultTags: defaultTags?.tags ?? {},
    allowedAccountIds: textList(setting(values, "allowedAccountIds")),
    forbiddenAccountIds: textList(setting(values, "forbiddenAccountIds")),
  };
}

const regionForm = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

/** Problems of the configuration that show without a call to AWS. */
export function checkConfiguration(values: Values): CheckFailure[] {
  const found: CheckFailure[] = [];
  const region = setting(values, "region");
  if (typeof region === "string" && !regionForm.test(region) && !/^[0-9a-f-]{36}$/.test(region)) {
    found.push({ property: "region", reason: `"${region}" is no AWS region; a region looks like us-east-1` });
  }
  if (values.allowedAccountIds !== undefined && values.forbiddenAccountIds !== undefined) {
    found.push({
      property: "forbiddenAccountIds",
      reason: "give either allowedAccountIds or forbiddenAccountIds, not both",
    });
  }
  return found;
}

/** Fails when the caller's account is not one that the configuration allows. */
export function checkAccount(configuration: ProviderConfiguration, account: string): void {
  const { allowedAccountIds, forbiddenAccountIds } = configuration;
  if (allowedAccountIds.length > 0 && !allowedAccountIds.includes(account)) {
    throw new Error(
      `aws provider: the credentials belong to account ${account}, and allowedAccountIds allows only ${allowedAccountIds.join(", ")}; use other credentials or change the configuration`,
    );
  }
  if (forbiddenAccountIds.includes(account)) {
    throw new Error(
      `aws provider: the credentials belong to account ${account}, which forbiddenAccountIds forbids; use other credentials`,
    );
  }
}
