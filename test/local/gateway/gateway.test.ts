import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import * as http2 from "node:http2";
import type { AddressInfo } from "node:net";

import { AwsError, jsonResponse } from "../../../local/gateway/errors";
import { GatewayServer } from "../../../local/gateway/gateway";
import type { Interceptor } from "../../../local/gateway/interceptor";
import { Proxy, readBody } from "../../../local/gateway/proxy";
import { Statistics } from "../../../local/gateway/statistics";

interface Received {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  digest: string;
  length: number;
  socket: number;
}

const sha = (content: Buffer): string => createHash("sha256").update(content).digest("hex");
const authorization = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=test/20300101/us-east-1/${service}/aws4_request`;

/** An emulator that tells what reached it, or answers what the path asks for. */
function emulator(received: Received[]): http.Server {
  return http.createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method = "", url = "", headers } = request;
      received.push({
        method,
        url,
        headers,
        digest: sha(body),
        length: body.length,
        socket: request.socket.remotePort ?? 0,
      });
      if (url.startsWith("/html"))
        response.writeHead(500, { "content-type": "text/html" }).end("<!doctype html>");
      else if (url.startsWith("/refuse"))
        response.writeHead(409, { "x-amzn-errortype": "Conflict" }).end('{"message":"no"}');
      else response.writeHead(200, { "x-amz-checksum-crc32": "abc", etag: '"1"' }).end(body);
    });
  });
}

const listen = (server: http.Server): Promise<string> =>
  new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  );

const ministackCalls: Received[] = [];
const motoCalls: Received[] = [];
const ministack = emulator(ministackCalls);
const moto = emulator(motoCalls);
const statistics = new Statistics();
const interceptor: Interceptor = {
  handles: (call) => call.service === "states",
  handle: async (call, body, forward) => {
    if (call.path === "/taken") throw new AwsError("ResourceInUse", "It is taken.");
    const answer = await forward(Buffer.from(`${body.toString()} changed`));
    return { ...answer, headers: { ...answer.headers, "x-seen": "yes" } };
  },
};
let server: GatewayServer;
let url: string;

beforeAll(async () => {
  server = new GatewayServer({
    proxy: new Proxy(await listen(ministack), await listen(moto)),
    statistics,
    interceptors: [interceptor],
    internal: { status: () => Promise.resolve(jsonResponse(200, { fine: true })) },
  });
  url = `http://127.0.0.1:${await server.listen(0)}`;
});

afterAll(async () => {
  await server.close();
  for (const each of [ministack, moto]) {
    each.closeAllConnections();
    each.close();
  }
});

const call = (path: string, service: string, init: RequestInit = {}): Promise<Response> =>
  fetch(url + path, {
    ...init,
    headers: { authorization: authorization(service), ...(init.headers as object) },
  });

it.each<Record<string, string>>([{ origin: "https://example.com" }, { "sec-fetch-site": "cross-site" }])(
  "refuses a web page (%j), which could start jobs on this machine",
  async (headers) => {
    const before = ministackCalls.length;
    expect((await call("/?Action=ListQueues", "sqs", { method: "POST", headers })).status).toBe(403);
    expect(ministackCalls).toHaveLength(before);
  },
);

it("carries many megabytes both ways unharmed, over one kept-alive connection", async () => {
  const body = randomBytes(8 * 1024 * 1024);
  for (const path of ["/bucket/first%20key?x-id=PutObject", "/bucket/second"]) {
    const response = await call(path, "s3", { method: "PUT", body, headers: { "x-amz-meta-a": "b" } });
    expect(sha(Buffer.from(await response.arrayBuffer()))).toBe(sha(body));
    expect(response.headers.get("x-amz-checksum-crc32")).toBe("abc");
  }
  const [first, second] = ministackCalls.slice(-2);
  expect(first).toMatchObject({
    method: "PUT",
    url: "/bucket/first%20key?x-id=PutObject",
    digest: sha(body),
  });
  expect(first?.headers).toMatchObject({
    "x-amz-meta-a": "b",
    "x-forwarded-proto": "https",
    host: new URL(url).host,
  });
  expect(second?.socket).toBe(first?.socket);
});

it("carries a body of unknown length chunk by chunk", async () => {
  const parts = Array.from({ length: 20 }, () => randomBytes(100_000));
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = http.request(
      `${url}/bucket/key`,
      { method: "PUT", headers: { authorization: authorization("s3") } },
      resolve,
    );
    request.on("error", reject);
    for (const part of parts) request.write(part);
    request.end();
  });
  response.resume();
  expect(ministackCalls.at(-1)).toMatchObject({
    digest: sha(Buffer.concat(parts)),
    headers: { "transfer-encoding": "chunked" },
  });
});

it("sends SageMaker to moto", async () => {
  await call("/", "sagemaker", { method: "POST", body: "{}" });
  expect(motoCalls.at(-1)).toMatchObject({ method: "POST", length: 2 });
});

it("hands an emulator's error on as it is", async () => {
  const response = await call("/refuse", "eks");
  expect(response.status).toBe(409);
  expect(response.headers.get("x-amzn-errortype")).toBe("Conflict");
  expect(await response.json()).toEqual({ message: "no" });
});

it("explains moto's web page, and remembers what was asked for", async () => {
  const response = await call("/html", "sagemaker", {
    method: "POST",
    headers: { "x-amz-target": "SageMaker.CreateX" },
  });
  expect(response.status).toBe(501);
  expect(await response.json()).toMatchObject({ __type: "NotImplemented" });
  expect(statistics.unsupported()).toEqual([{ service: "sagemaker", operation: "CreateX", count: 1 }]);
});

it("lets an interceptor change the question and the answer", async () => {
  const response = await call("/", "states", { method: "POST", body: "definition" });
  expect(await response.text()).toBe("definition changed");
  expect(response.headers.get("x-seen")).toBe("yes");
});

it("answers an interceptor's error in the caller's protocol", async () => {
  const response = await call("/taken", "states", {
    method: "POST",
    headers: { "x-amz-target": "AWSStepFunctions.X" },
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ __type: "ResourceInUse", message: "It is taken." });
});

it("answers its own pages and names them where one is unknown", async () => {
  expect(await (await fetch(`${url}/_gateway/status`)).json()).toEqual({ fine: true });
  const unknown = await fetch(`${url}/_gateway/nothing`);
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toEqual({ message: 'The gateway has no page "nothing"; it has status.' });
});

it("says which emulator does not answer", async () => {
  const gone = http.createServer();
  const address = await listen(gone);
  await new Promise((resolve) => gone.close(resolve));
  const lonely = new GatewayServer({
    proxy: new Proxy(address, address),
    statistics: new Statistics(),
    interceptors: [],
    internal: {},
  });
  const response = await fetch(`http://127.0.0.1:${await lonely.listen(0)}/`, {
    headers: { authorization: authorization("eks") },
  });
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    __type: "ServiceUnavailable",
    message: "ministack does not answer (ECONNREFUSED).",
  });
  await lonely.close();
});

it("counts requests and errors by service", () => {
  expect(statistics.requests()).toMatchObject({
    eks: { requests: 1, errors: 1 },
    s3: { requests: 3, errors: 0 },
  });
});

it("takes HTTP/2 without TLS on the same port, as the SDK's Kinesis client speaks it", async () => {
  const session = http2.connect(url);
  const body = randomBytes(300_000);
  const before = ministackCalls.length;
  const answers = await Promise.all(
    ["/a", "/refuse"].map(async (path) => {
      const stream = session.request({
        ":method": "POST",
        ":path": path,
        authorization: authorization("kinesis"),
        "x-amz-target": "Kinesis_20131202.PutRecords",
      });
      stream.end(body);
      const [headers] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
      return { status: headers[":status"], etag: headers.etag, body: await readBody(stream) };
    }),
  );
  session.close();
  expect(answers[0]).toMatchObject({ status: 200, etag: '"1"' });
  expect(answers[0]?.body.equals(body)).toBe(true);
  expect(answers[1]).toMatchObject({ status: 409 });
  const [received] = ministackCalls.slice(before).filter((seen) => seen.url === "/a");
  expect(received).toMatchObject({ method: "POST", digest: sha(body), length: body.length });
  expect(received?.headers.host).toBe(new URL(url).host);
});
