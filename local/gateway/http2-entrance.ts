import * as http from "node:http";
import * as http2 from "node:http2";
import type { AddressInfo, Socket } from "node:net";

/** The first bytes of every HTTP/2 connection; no request of HTTP/1 starts like them. */
const preface = "PRI * HTTP/2.0";

/** Headers that belong to one connection, which HTTP/2 does not know. */
const ofTheConnection: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

function withoutConnection<T>(headers: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(":") && !ofTheConnection.has(name)),
  );
}

/** Carries one request to the server's own port, as HTTP/1.1. */
function carry(port: number, request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void {
  const { method, url: path, authority } = request;
  const headers = { ...withoutConnection(request.headers), host: authority };
  const outgoing = http.request({ host: "127.0.0.1", port, method, path, headers }, (incoming) => {
    response.writeHead(
      incoming.statusCode ?? 502,
      withoutConnection(incoming.headers) as http2.OutgoingHttpHeaders,
    );
    incoming.on("error", () => response.stream.destroy());
    incoming.pipe(response);
  });
  outgoing.on("error", () => response.stream.destroy());
  response.on("close", () => outgoing.destroy());
  request.pipe(outgoing);
}

/**
 * Lets a server of HTTP/1.1 also take HTTP/2 without TLS on the same port. The SDK's Kinesis client speaks nothing else to
 * any endpoint, and the emulators do not speak it.
 */
export class Http2Entrance {
  private readonly server = http2.createServer();
  private readonly sessions = new Set<http2.Http2Session>();

  constructor(target: http.Server) {
    this.server.on("session", (session) => {
      this.sessions.add(session);
      session.on("close", () => this.sessions.delete(session));
      // A caller that goes away in the middle is no fault of the gateway.
      session.on("error", () => session.destroy());
    });
    this.server.on("request", (request, response) =>
      carry((target.address() as AddressInfo).port, request, response),
    );
    const accepted = target.listeners("connection") as ((this: http.Server, socket: Socket) => void)[];
    target.removeAllListeners("connection");
    target.on("connection", (socket: Socket) => this.distribute(target, accepted, socket));
  }

  /** Ends every connection of HTTP/2. */
  close(): void {
    for (const session of this.sessions) session.destroy();
  }

  private distribute(
    target: http.Server,
    accepted: ((this: http.Server, socket: Socket) => void)[],
    socket: Socket,
  ): void {
    const drop = (): void => void socket.destroy();
    socket.on("error", drop);
    socket.once("readable", () => {
      socket.off("error", drop);
      const first = socket.read() as Buffer | null;
      if (first === null) return drop();
      socket.unshift(first);
      const known = Math.min(first.length, preface.length);
      if (first.toString("latin1", 0, known) === preface.slice(0, known)) {
        this.server.emit("connection", socket);
      } else {
        for (const accept of accepted) accept.call(target, socket);
      }
    });
  }
}
