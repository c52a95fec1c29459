import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { createForwarder } from "../../../lambdas/lineage-recorder/forward";
import { run } from "./events";

/** Answers the given statuses one after another, then 200; keeps what it was sent. */
async function endpoint(statuses: number[]) {
  const requests: { authorization?: string; body: string }[] = [];
  const server = http.createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ authorization: request.headers.authorization, body });
      const status = statuses.shift() ?? 200;
      if (status === 0) return request.socket.destroy();
      response
        .writeHead(status, status === 302 ? { location: "http://127.0.0.1:1/" } : {})
        .end("no such tenant");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { requests, server, url: `http://127.0.0.1:${port}/api/v1/lineage` };
}

const event = run("job", "2026-01-31T12:00:00Z", ["s3://raw/a.csv"], ["s3://curated/a.parquet"]);

describe("the forwarder", () => {
  test.each([
    ["at once", [], 1],
    ["after answers that may change", [503, 429, 500], 4],
    ["after a connection that broke", [0], 2],
  ])("sends an event %s", async (_, statuses, attempts) => {
    const { requests, server, url } = await endpoint(statuses);
    try {
      await createForwarder({ url, apiKey: "key" }, 1)(event);
      expect(requests).toHaveLength(attempts);
      expect(requests.at(-1)).toEqual({ authorization: "Bearer key", body: JSON.stringify(event) });
    } finally {
      server.close();
    }
  });

  test.each([
    ["gives up on an answer that stays", [503, 503, 503, 503, 503], 5, /answered 503/],
    ["does not repeat what the endpoint refuses", [422], 1, /answered 422: no such tenant/],
  ])("%s, and never tells the key", async (_, statuses, attempts, message) => {
    const { requests, server, url } = await endpoint(statuses);
    try {
      const failure = await createForwarder(
        { url, apiKey: "secret-key" },
        1,
      )(event).catch((error: Error) => error);
      expect(failure).toMatchObject({ message: expect.stringMatching(message) as string });
      expect(String(failure)).not.toContain("secret-key");
      expect(requests).toHaveLength(attempts);
    } finally {
      server.close();
    }
  });

  test("does not follow the endpoint elsewhere", async () => {
    const { server, url } = await endpoint([302, 302, 302, 302, 302]);
    try {
      await expect(createForwarder({ url, apiKey: "key" }, 1)(event)).rejects.toThrow(/did not answer/);
    } finally {
      server.close();
    }
  });
});
