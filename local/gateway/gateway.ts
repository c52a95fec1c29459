import * as http from "node:http";
import type { AddressInfo } from "node:net";

import { AwsError, BufferedResponse, errorResponse, jsonResponse } from "./errors";
import { Http2Entrance } from "./http2-entrance";
import type { Interceptor } from "./interceptor";
import { log, reasonOf } from "./log";
import { Proxy, readBody, relay, respond } from "./proxy";
import { Call, classify } from "./routing";
import { Statistics } from "./statistics";
import { isUnsupported, unsupportedResponse } from "./unsupported";

/** Any page in a browser can send requests to this machine, and the gateway runs jobs; SDKs send none of these. */
function comesFromBrowser(headers: http.IncomingHttpHeaders): boolean {
  return headers.origin !== undefined || headers["sec-fetch-site"] !== undefined;
}

/** Answers an address under `/_gateway/`. */
export type InternalRoute = (call: Call, body: Buffer) => Promise<BufferedResponse>;

/** What a gateway server is made of. */
export interface GatewayParts {
  proxy: Proxy;
  statistics: Statistics;
  interceptors: Interceptor[];
  /** The answer under `/_gateway/<name>`, by name. */
  internal: Record<string, InternalRoute>;
}

/** Largest error answer that is read to see whether the operation is unknown; larger ones stream. */
const largestErrorBytes = 256 * 1024;

/** The HTTP server in front of the emulators. */
export class GatewayServer {
  private readonly server: http.Server;
  private readonly entrance: Http2Entrance;

  constructor(private readonly parts: GatewayParts) {
    this.server = http.createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => this.fail(request, response, error));
    });
    // Uploads and long polls may take longer than Node's default of five minutes.
    this.server.requestTimeout = 0;
    this.server.keepAliveTimeout = 75_000;
    this.entrance = new Http2Entrance(this.server);
  }

  /** Starts to listen on 127.0.0.1 and resolves to the port. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.entrance.close();
      this.server.closeAllConnections();
      this.parts.proxy.close();
    });
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (comesFromBrowser(request.headers)) {
      respond(response, jsonResponse(403, { message: "The gateway answers programs, not web pages." }));
      return;
    }
    const call = classify(request.method ?? "GET", request.url ?? "/", request.headers);
    if (call.path.startsWith("/_gateway/")) {
      respond(response, await this.answerInternal(call, await readBody(request)));
      return;
    }
    const interceptor = this.parts.interceptors.find((candidate) => candidate.handles(call));
    if (interceptor) {
      const answer = await this.intercept(call, await readBody(request), interceptor);
      this.parts.statistics.record(call, answer.status);
      respond(response, answer);
      return;
    }
    await this.stream(call, request, response);
  }

  private async answerInternal(call: Call, body: Buffer): Promise<BufferedResponse> {
    const name = call.path.split("/")[2] ?? "";
    const route = this.parts.internal[name];
    if (!route) {
      const known = Object.keys(this.parts.internal).join(", ");
      return jsonResponse(404, { message: `The gateway has no page "${name}"; it has ${known}.` });
    }
    return await route(call, body);
  }

  private async intercept(call: Call, body: Buffer, interceptor: Interceptor): Promise<BufferedResponse> {
    try {
      return await interceptor.handle(call, body, async (changed) => {
        const answer = await this.parts.proxy.send(call, changed ?? body);
        return answer.status >= 400 ? this.explain(call, answer) : answer;
      });
    } catch (error) {
      if (error instanceof AwsError) return errorResponse(call, error);
      throw error;
    }
  }

  private async stream(
    call: Call,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const incoming = await this.parts.proxy.open(call, request);
    const status = incoming.statusCode ?? 502;
    this.parts.statistics.record(call, status);
    const length = Number(incoming.headers["content-length"] ?? 0);
    if (status < 400 || call.method === "HEAD" || length > largestErrorBytes) {
      relay(incoming, response);
      return;
    }
    const headers = incoming.headers as Record<string, string | string[]>;
    respond(response, this.explain(call, { status, headers, body: await readBody(incoming) }));
  }

  private explain(call: Call, answer: BufferedResponse): BufferedResponse {
    if (!isUnsupported(call, answer)) return answer;
    this.parts.statistics.recordUnsupported(call);
    log(
      "gateway",
      `${call.backend} does not carry ${call.operation} of ${call.service ?? "an unsigned request"}`,
    );
    return unsupportedResponse(call);
  }

  private fail(request: http.IncomingMessage, response: http.ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const call = classify(request.method ?? "GET", request.url ?? "/", request.headers);
    log("gateway", `${call.service ?? "unsigned"} ${call.operation} failed: ${reasonOf(error)}`);
    const code = (error as NodeJS.ErrnoException).code;
    const unreachable = code === "ECONNREFUSED" || code === "ECONNRESET";
    const failure = unreachable
      ? new AwsError("ServiceUnavailable", `${call.backend} does not answer (${code}).`, 503)
      : new AwsError("InternalFailure", reasonOf(error), 500);
    this.parts.statistics.record(call, failure.status);
    respond(response, errorResponse(call, failure));
  }
}
