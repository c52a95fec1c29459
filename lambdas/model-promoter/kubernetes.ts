import * as https from "node:https";

/** Where a cluster's API server is and how to talk to it. */
export interface ClusterAccess {
  /** URL of the API server. */
  endpoint: string;
  /** Certificate of its authority, PEM. */
  certificateAuthority: string;
  /** Bearer token. */
  token: string;
}

const requestTimeoutMilliseconds = 20_000;

/**
 * Applies fields of an object as one of its managers (server-side apply). Fields of other managers stay.
 * @throws Error with the API server's own words when it refuses
 */
export async function serverSideApply(
  { endpoint, certificateAuthority, token }: ClusterAccess,
  path: string,
  fieldManager: string,
  object: unknown,
): Promise<void> {
  const url = new URL(path, endpoint);
  url.searchParams.set("fieldManager", fieldManager);
  // The fields are this manager's own; whoever took one since has to give it back.
  url.searchParams.set("force", "true");
  const body = JSON.stringify(object);
  const { status, text } = await send(url, body, certificateAuthority, {
    authorization: `Bearer ${token}`,
    // JSON is YAML.
    "content-type": "application/apply-patch+yaml",
    accept: "application/json",
    "content-length": String(Buffer.byteLength(body)),
  });
  if (status >= 200 && status < 300) return;
  throw new Error(
    `The Kubernetes API server answered ${status} to the change of ${path}: ${messageOf(text)}`,
  );
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text.slice(0, 300);
  }
}

function send(
  url: URL,
  body: string,
  ca: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(
        new Error(`The Kubernetes API server at ${url.host} could not be reached: ${error.message}`, {
          cause: error,
        }),
      );
    const request = https.request(url, { method: "PATCH", ca, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", fail);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString("utf8") }),
      );
    });
    request.setTimeout(requestTimeoutMilliseconds, () =>
      request.destroy(new Error(`no answer within ${requestTimeoutMilliseconds / 1000} s`)),
    );
    request.on("error", fail);
    request.end(body);
  });
}
