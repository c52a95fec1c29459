import * as http from "node:http";

import { BufferedResponse } from "./errors";
import { Backend, Call } from "./routing";

/** Headers that belong to one connection and must not be carried to the next. */
const connectionHeaders: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "upgrade",
  "expect",
]);

function carriedHeaders(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const carried = Object.entries(headers).filter(([name]) => !connectionHeaders.has(name));
  // The loopback stands for TLS: a bucket policy that denies plain HTTP would lock the sandbox out of its own data.
  return { ...Object.fromEntries(carried), "x-forwarded-proto": "https" };
}

function answeredHeaders(message: http.IncomingMessage): Record<string, string | string[]> {
  const carried = Object.entries(message.headers).filter(
    ([name, value]) => value !== undefined && !connectionHeaders.has(name),
  );
  return Object.fromEntries(carried) as Record<string, string | string[]>;
}

/** Reads a whole body; only calls whose body is looked at are held in memory. */
export async function readBody(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Carries calls to the emulators over kept-alive connections. */
export class Proxy {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  private readonly addresses: Record<Backend, URL>;

  constructor(ministackUrl: string, motoUrl: string) {
    this.addresses = { [Backend.MiniStack]: new URL(ministackUrl), [Backend.Moto]: new URL(motoUrl) };
  }

  private options(call: Call): http.RequestOptions {
    const address = this.addresses[call.backend];
    return {
      agent: this.agent,
      host: address.hostname,
      port: address.port,
      method: call.method,
      path: call.url,
    };
  }

  /**
   * Opens the call to its emulator with the body still flowing, and resolves when the answer's headers are there.
   * The Host header stays as the caller signed it.
   */
  open(call: Call, body: http.IncomingMessage): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = http.request(
        { ...this.options(call), headers: carriedHeaders(call.headers) },
        resolve,
      );
      outgoing.on("error", reject);
      body.on("error", (error) => outgoing.destroy(error));
      body.on("close", () => {
        if (!body.complete) outgoing.destroy(new Error("The caller closed the connection."));
      });
      body.pipe(outgoing);
    });
  }

  /** Sends the call with a body held in memory and reads the whole answer. */
  send(call: Call, body: Buffer): Promise<BufferedResponse> {
    const headers = carriedHeaders(call.headers);
    delete headers["transfer-encoding"];
    delete headers["accept-encoding"];
    headers["content-length"] = String(body.length);
    return new Promise((resolve, reject) => {
      const outgoing = http.request({ ...this.options(call), headers }, (incoming) => {
        readBody(incoming).then(
          (content) =>
            resolve({
              status: incoming.statusCode ?? 502,
              headers: answeredHeaders(incoming),
              body: content,
            }),
          reject,
        );
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Streams an emulator's answer to the caller. */
export function relay(incoming: http.IncomingMessage, response: http.ServerResponse): void {
  response.writeHead(incoming.statusCode ?? 502, answeredHeaders(incoming));
  incoming.on("error", () => response.destroy());
  response.on("close", () => incoming.destroy());
  incoming.pipe(response);
}

/** Writes an answer held in memory. */
export function respond(response: http.ServerResponse, answer: BufferedResponse): void {
  const headers = Object.fromEntries(
    Object.entries(answer.headers).filter(
      ([name]) => name !== "transfer-encoding" && name !== "content-length",
    ),
  );
  response.writeHead(answer.status, { ...headers, "content-length": answer.body.length });
  response.end(answer.body);
}
