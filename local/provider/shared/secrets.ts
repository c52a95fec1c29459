import { isAssetLike } from "./assets";
import { secretSignature, signatureKey } from "./signatures";

/** Shorter secrets mark only values that equal them: "1" would otherwise mark half of the state. */
const shortestSearchedSecret = 6;

/** What was secret in a set of properties: whole top-level properties by name, and every scalar value in them. */
export interface Secrets {
  properties: Set<string>;
  values: Set<string>;
}

export function noSecrets(): Secrets {
  return { properties: new Set(), values: new Set() };
}

function isSecret(value: unknown): value is { value?: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as Record<string, unknown>)[signatureKey] === secretSignature
  );
}

/** Takes the secret marks off, and notes in `secrets` what was under them. */
export function unwrapSecrets<T extends Record<string, unknown>>(properties: T, secrets: Secrets): T {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (isSecret(value)) secrets.properties.add(name);
    plain[name] = unwrapValue(value, false, secrets.values);
  }
  return plain as T;
}

function unwrapValue(value: unknown, secret: boolean, values: Set<string>): unknown {
  if (isSecret(value)) return unwrapValue(value.value, true, values);
  if (Array.isArray(value)) return value.map((item) => unwrapValue(item, secret, values));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        unwrapValue(inner, secret && key !== signatureKey, values),
      ]),
    );
  }
  if (secret && typeof value === "string" && value !== "") values.add(value);
  if (secret && typeof value === "number") values.add(String(value));
  return value;
}

/** Puts the marks back: on properties that were secret, and on every string that holds a secret value. */
export function wrapSecrets(properties: Record<string, unknown>, secrets: Secrets): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      secrets.properties.has(name) && value !== undefined && value !== null
        ? { [signatureKey]: secretSignature, value }
        : wrapValue(value, secrets.values),
    ]),
  );
}

function wrapValue(value: unknown, secrets: Set<string>): unknown {
  if (secrets.size === 0) return value;
  if (typeof value === "string" || typeof value === "number") {
    return holdsSecret(String(value), secrets) ? { [signatureKey]: secretSignature, value } : value;
  }
  if (Array.isArray(value)) return value.map((item) => wrapValue(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  if (isAssetLike(value))
    return assetHoldsSecret(value, secrets) ? { [signatureKey]: secretSignature, value } : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wrapValue(inner, secrets)]));
}

/** An asset is marked as a whole, for the engine reads its fields as they are. */
function assetHoldsSecret(asset: object, secrets: Set<string>): boolean {
  return Object.values(asset).some((field) =>
    typeof field === "object" && field !== null
      ? assetHoldsSecret(field, secrets)
      : typeof field === "string" && holdsSecret(field, secrets),
  );
}

function holdsSecret(text: string, secrets: Set<string>): boolean {
  if (secrets.has(text)) return true;
  for (const secret of secrets) {
    if (secret.length >= shortestSearchedSecret && (text.includes(secret) || text.includes(inJson(secret))))
      return true;
  }
  return false;
}

/** The secret as it looks inside a JSON document. */
function inJson(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
}
