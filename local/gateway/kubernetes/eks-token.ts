/** The start of every token that `aws eks get-token` makes. */
const tokenPrefix = "k8s-aws-v1.";
/** EKS takes a token for 15 minutes, however short the address in it says it lives. */
const validSeconds = 15 * 60;
/** How far a signer's clock may run ahead. */
const clockSkewSeconds = 5 * 60;

/** A presigned GetCallerIdentity that is fresh and names a cluster in its signature. */
export interface EksToken {
  /** Host that was signed. */
  host: string;
  /** Path and query string, exactly as signed. */
  pathAndQuery: string;
}

/** A token, or the sentence that says why it is none. */
export type ReadToken = { token: EksToken } | { refusal: string };

const refuse = (refusal: string): ReadToken => ({ refusal });

function signedAt(date: string): number {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(date);
  if (!match) return NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

function checkAge(query: URLSearchParams, now: number): string | undefined {
  const age = now - signedAt(query.get("X-Amz-Date") ?? "");
  if (Number.isNaN(age)) return "the token has no X-Amz-Date";
  if (age > validSeconds)
    return `the token was signed ${Math.round(age)} s ago; a token lives ${validSeconds} s`;
  if (age < -clockSkewSeconds) return "the token was signed in the future";
  return undefined;
}

function checkRequest(query: URLSearchParams): string | undefined {
  if (query.get("Action") !== "GetCallerIdentity") return "the token does not ask for GetCallerIdentity";
  const [, , , service, end] = (query.get("X-Amz-Credential") ?? "").split("/");
  if (service !== "sts" || end !== "aws4_request") return "the token is not signed for STS";
  const signed = (query.get("X-Amz-SignedHeaders") ?? "").toLowerCase().split(";");
  if (!signed.includes("x-k8s-aws-id") || !signed.includes("host"))
    return "the token does not sign x-k8s-aws-id and host";
  if (!/^[0-9a-f]{64}$/.test(query.get("X-Amz-Signature") ?? "")) return "the token has no signature";
  return undefined;
}

/**
 * Reads a bearer token of EKS: `k8s-aws-v1.` and the base64url of a presigned GetCallerIdentity.
 *
 * @param now second since 1970
 */
export function readToken(bearer: string, now: number): ReadToken {
  if (!bearer.startsWith(tokenPrefix)) return refuse(`the token does not start with ${tokenPrefix}`);
  const address = Buffer.from(bearer.slice(tokenPrefix.length), "base64url").toString("utf8");
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) return refuse("the token holds no address");
  const refusal = checkRequest(url.searchParams) ?? checkAge(url.searchParams, now);
  return refusal
    ? refuse(refusal)
    : { token: { host: url.host, pathAndQuery: `${url.pathname}${url.search}` } };
}

/** A caller as STS names it. */
export interface Principal {
  /** ARN that EKS access entries name: the role behind a session, or a user. */
  arn: string;
  /** Session name of an assumed role. */
  sessionName?: string;
}

/** The IAM principal behind an STS caller ARN. */
export function principalOf(callerArn: string): Principal {
  const match = /^arn:([^:]+):sts::(\d{12}):assumed-role\/(.+)\/([^/]+)$/.exec(callerArn);
  if (!match) return { arn: callerArn };
  const [, partition, account, role, sessionName] = match;
  return { arn: `arn:${partition}:iam::${account}:role/${role}`, sessionName };
}
