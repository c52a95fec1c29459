import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClusterAccess, readKubeconfig } from "./kubeconfig";

/** The `Status` object that an API server answers with when it refuses a call. */
export interface ApiStatus {
  message?: string;
  reason?: string;
  code?: number;
  details?: { causes?: { reason?: string; message?: string; field?: string }[]; retryAfterSeconds?: number };
}

/** The API server refused a call; the message is the server's own, in full. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly code: number,
    readonly status: ApiStatus,
  ) {
    super(status.message ?? `the API server answered with status ${code}`);
  }
}

export interface ApiRequest {
  method: "GET" | "PATCH" | "PUT" | "DELETE";
  /** Below the server's root, without the query. */
  path: string;
  query?: Record<string, string>;
  contentType?: string;
  body?: unknown;
}

export interface ApiAnswer<Body> {
  code: number;
  body: Body;
}

const timeoutMilliseconds = 60_000;
const attempts = 5;

/** Calls the API server of a kubeconfig. The file is read again when it changes, as a restarted cluster has new keys. */
export class ApiClient {
  private access?: ClusterAccess & { agent: http.Agent; changedAt: number };

  constructor(private readonly kubeconfig: string) {}

  /** @throws ApiError when the server refuses; Error when it cannot be reached. */
  async request<Body>(request: ApiRequest): Promise<ApiAnswer<Body>> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send(request);
      if (answer.code < 400) return { code: answer.code, body: JSON.parse(answer.text) as Body };
      const error = new ApiError(answer.code, parseStatus(answer.text));
      if (!isBusy(error) || attempt === attempts) throw error;
      await sleep(1000 * (error.status.details?.retryAfterSeconds ?? attempt));
    }
  }

  private current() {
    const changedAt = fs.statSync(this.kubeconfig).mtimeMs;
    if (this.access?.changedAt !== changedAt) {
      const access = readKubeconfig(this.kubeconfig);
      const secure = new URL(access.server).protocol === "https:";
      const agent = secure
        ? new https.Agent({ keepAlive: true, ca: access.certificateAuthority })
        : new http.Agent({ keepAlive: true });
      this.access = { ...access, agent, changedAt };
    }
    return this.access;
  }

  private send(request: ApiRequest): Promise<{ code: number; text: string }> {
    const { server, token, agent } = this.current();
    const url = new URL(request.path, server);
    url.search = new URLSearchParams(request.query).toString();
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const { request: open } = url.protocol === "https:" ? https : http;
    const headers = {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      ...(body === undefined
        ? {}
        : {
            "content-type": request.contentType ?? "application/json",
            "content-length": Buffer.byteLength(body),
          }),
    };
    return new Promise((resolve, reject) => {
      const call = open(
        url,
        { method: request.method, agent, headers, timeout: timeoutMilliseconds },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({ code: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
          );
        },
      );
      call.on("timeout", () => call.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)));
      call.on("error", (cause) => reject(unreachable(server, cause)));
      call.end(body);
    });
  }
}

function isBusy({ code, status }: ApiError): boolean {
  return code === 429 || (code === 503 && status.details?.retryAfterSeconds !== undefined);
}

function parseStatus(text: string): ApiStatus {
  try {
    return JSON.parse(text) as ApiStatus;
  } catch {
    return { message: text.trim() || undefined };
  }
}

function unreachable(server: string, cause: Error): Error {
  return new Error(
    `The Kubernetes API server at ${server} does not answer (${cause.message}). Start it with: npm run local -- up`,
    { cause },
  );
}
