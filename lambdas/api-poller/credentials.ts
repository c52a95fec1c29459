import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";

import { ApiAuthentication, ApiAuthenticationKind } from "../../components/contracts/api-polling";
import { PermanentFault, TransientFault, Unauthorized } from "./faults";

/** Ends a token's use before the API does. */
const tokenMarginMilliseconds = 60_000;
const secretLifeMilliseconds = 300_000;
const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().default(300) });

/** Headers with credentials, made from a secret. Their values appear in no log and in no error. */
export class Credentials {
  private kept: { headers: Record<string, string>; until: number } | undefined;

  constructor(
    private readonly client: SecretsManagerClient,
    private readonly secretArn: string | undefined,
    private readonly authentication: ApiAuthentication | undefined,
  ) {}

  /** @throws PermanentFault when the secret lacks what its kind of authentication needs */
  async headers(signal: AbortSignal): Promise<Record<string, string>> {
    if (this.authentication === undefined) return {};
    if (this.kept === undefined || this.kept.until <= Date.now()) {
      this.kept = await this.make(this.authentication, signal);
    }
    return this.kept.headers;
  }

  /** Reads the secret again at the next request: it may have been rotated. */
  forget(): void {
    this.kept = undefined;
  }

  private async make(
    { kind, header, tokenUrl, scope }: ApiAuthentication,
    signal: AbortSignal,
  ): Promise<{ headers: Record<string, string>; until: number }> {
    const secret = await this.readSecret();
    const until = Date.now() + secretLifeMilliseconds;
    switch (kind) {
      case ApiAuthenticationKind.Bearer:
        return { headers: bearer(wordOf(secret, "token", true)), until };
      case ApiAuthenticationKind.ApiKey:
        return { headers: { [header ?? "x-api-key"]: wordOf(secret, "apiKey", true) }, until };
      case ApiAuthenticationKind.Basic:
        return { headers: basic(wordOf(secret, "username"), wordOf(secret, "password")), until };
      case ApiAuthenticationKind.OAuth2ClientCredentials:
        return requestToken(
          tokenUrl ?? "",
          scope,
          basic(
            encodeURIComponent(wordOf(secret, "clientId")),
            encodeURIComponent(wordOf(secret, "clientSecret")),
          ),
          signal,
        );
    }
  }

  private async readSecret(): Promise<string> {
    if (this.secretArn === undefined) throw new PermanentFault("No secret was given for the credentials.");
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: this.secretArn }));
    if (!SecretString) throw new PermanentFault("The secret with the credentials holds no text.");
    return SecretString;
  }
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const basic = (name: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`,
});

/** A word of the secret, which is JSON, or where it may stand alone the secret itself. */
function wordOf(secret: string, name: string, mayStandAlone = false): string {
  let json: unknown;
  try {
    json = JSON.parse(secret);
  } catch {
    json = undefined;
  }
  const isObject = typeof json === "object" && json !== null;
  const word = isObject ? (json as Record<string, unknown>)[name] : mayStandAlone ? secret.trim() : undefined;
  if (typeof word !== "string" || word === "") {
    throw new PermanentFault(`The secret with the credentials has no text "${name}".`);
  }
  return word;
}

async function requestToken(
  tokenUrl: string,
  scope: string | undefined,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<{ headers: Record<string, string>; until: number }> {
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(tokenUrl, {
      method: "POST",
      headers,
      body: new URLSearchParams({
        grant_type: "client_credentials",
        ...(scope === undefined ? {} : { scope }),
      }),
      redirect: "manual",
      signal,
    });
    answer = response.ok ? await response.json() : undefined;
  } catch {
    throw new TransientFault("The address that gives out tokens could not be read.", true);
  }
  if (response.status >= 500 || response.status === 429) {
    throw new TransientFault(
      `The address that gives out tokens answered ${response.status}.`,
      response.status !== 429,
    );
  }
  const token = tokenSchema.safeParse(answer);
  if (!token.success) {
    throw new Unauthorized(`The address that gives out tokens answered ${response.status} and no token.`);
  }
  const { access_token, expires_in } = token.data;
  // A token that lives shorter than the margin is used once.
  return { headers: bearer(access_token), until: Date.now() + expires_in * 1000 - tokenMarginMilliseconds };
}
