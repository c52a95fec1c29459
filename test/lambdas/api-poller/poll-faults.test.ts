import { gzipSync } from "node:zlib";
import { ApiAuthenticationKind, ApiRequest } from "../../../components/contracts/api-polling";
import { noCounts, PollOutcome } from "../../../lambdas/api-poller/poll";
import {
  FakeApi,
  FakeCloud,
  json,
  pollInto,
  pollOnce,
  settingsOf,
  startOfTime,
  TestTime,
} from "./polling-bench";

Object.assign(process.env, { AWS_REGION: "eu-west-1" });
const api = new FakeApi();
let cloud: FakeCloud;
let time: TestTime;
let origin: string;
const items = Array.from({ length: 7 }, (_, index) => ({ id: index }));

beforeAll(async () => {
  origin = await api.start();
});
afterAll(() => api.stop());
beforeEach(() => {
  cloud = new FakeCloud();
  cloud.install();
  time = startOfTime();
  api.requests.length = 0;
});
afterEach(() => jest.restoreAllMocks());

const request = (changes: Partial<ApiRequest> = {}): ApiRequest => ({
  url: `${origin}/orders`,
  recordsPath: "data",
  ...changes,
});

describe("faults", () => {
  const settings = () => settingsOf(request());
  /** Fails a number of times, then answers well. */
  const failing = (times: number, fault: FakeApi["answer"]): void => {
    let left = times;
    api.answer = (...all) => (left-- > 0 ? fault(...all) : json(all[1], { data: items }));
  };

  const passing: [string, FakeApi["answer"]][] = [
    ["a server error", (_, response) => void response.writeHead(503).end()],
    ["a broken connection", (incoming) => void incoming.socket.destroy()],
    ["a page for people", (_, response) => void response.end("<html>We are down</html>")],
    [
      "half a body",
      (incoming, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"data": [', () => incoming.socket.destroy());
      },
    ],
    ["wrong encoding", (_, response) => void response.end(Buffer.from([0x7b, 0xff, 0x7d]))],
    ["JSON without the list", (_, response) => json(response, { message: "busy" })],
  ];

  test.each(passing)("that pass are tried again: %s", async (_, fault) => {
    failing(2, fault);
    expect(await pollOnce(settings(), time)).toMatchObject({
      outcome: PollOutcome.Finished,
      recordsWritten: 7,
    });
    expect(time.waits).toHaveLength(2);
    expect(cloud.letters).toEqual([]);
  });

  test("that hang end after the timeout and are tried again", async () => {
    failing(1, () => undefined);
    const impatient = settingsOf(request(), { TIMEOUT_SECONDS: 0.05 });
    expect(await pollOnce(impatient, time)).toMatchObject({ outcome: PollOutcome.Finished });
    expect(api.requests).toHaveLength(2);
  });

  test("waits are jittered and grow no longer than the limit", async () => {
    api.answer = (_, response) => void response.writeHead(500).end();
    const patient = settingsOf(request(), { RETRIES: 12, BREAKER_FAILURES: 100 });
    await expect(pollOnce(patient, time)).rejects.toThrow("answered 500");
    expect(time.waits).toHaveLength(12);
    expect(new Set(time.waits.slice(0, 6)).size).toBeGreaterThan(1);
    expect(Math.max(...time.waits)).toBeLessThanOrEqual(30_000);
  });

  test("a short Retry-After is waited for, a long one is kept for the calls after", async () => {
    failing(1, (_, response) => void response.writeHead(429, { "retry-after": "7" }).end());
    await pollOnce(settings(), time);
    expect(time.waits[0]).toBeGreaterThanOrEqual(7000);

    api.requests.length = 0;
    api.answer = (_, response) => void response.writeHead(429, { "retry-after": "3600" }).end();
    expect(await pollOnce(settings(), time)).toMatchObject({ outcome: PollOutcome.RateLimited });
    time.now = new Date(time.now.getTime() + 3_599_000);
    expect(await pollOnce(settings(), time)).toMatchObject({ outcome: PollOutcome.RateLimited });
    expect(api.requests).toHaveLength(1);
    time.now = new Date(time.now.getTime() + 2000);
    failing(0, () => undefined);
    expect(await pollOnce(settings(), time)).toMatchObject({ outcome: PollOutcome.Finished });
  });

  test("no request begins that the call could not finish", async () => {
    api.answer = (_, response) => {
      time.remaining = 4000;
      response.writeHead(500).end();
    };
    await expect(pollOnce(settings(), time)).rejects.toThrow("answered 500");
    expect(api.requests).toHaveLength(1);
    expect(await pollOnce(settings(), time)).toMatchObject({ outcome: PollOutcome.MorePages, pagesRead: 0 });
  });

  test.each([
    [401, "credentials"],
    [404, "answered 404"],
    [302, "redirect"],
  ])("that stay are not tried again: %d", async (status, message) => {
    api.answer = (_, response) =>
      void response.writeHead(status, { location: "https://elsewhere.test" }).end();
    await expect(pollOnce(settings(), time)).rejects.toThrow(message);
    expect(time.waits).toEqual([]);
  });

  test("a response larger than allowed, also only when unpacked, is not held in memory", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, 0x20));
    api.answer = (_, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    await expect(pollOnce(settings(), time)).rejects.toThrow("more than 1000000 bytes");
  });

  test("a response that stays unusable is a dead letter once, and the position stays", async () => {
    api.answer = (_, response) => void response.end("<html>");
    const calm = settingsOf(request(), { BREAKER_FAILURES: 100 });
    const counts = noCounts();
    await expect(pollInto(counts, calm, time)).rejects.toThrow("not JSON");
    await expect(pollInto(counts, calm, time)).rejects.toThrow("not JSON");
    expect(counts).toMatchObject({ recordsIn: 1, recordsDeadLettered: 1, recordsWritten: 0 });
    expect(cloud.payloads()).toEqual(["<html>"]);
    expect(cloud.positions.at(-1)).not.toHaveProperty("since");
  });
});

describe("the circuit", () => {
  const settings = () =>
    settingsOf(request(), { RETRIES: 2, BREAKER_FAILURES: 5, BREAKER_PAUSE_SECONDS: 60 });

  test("opens after failures in a row over several calls, lets one request through after its pause, and closes", async () => {
    const clock = jest.spyOn(Date, "now").mockReturnValue(1_000_000);
    api.answer = (_, response) => void response.writeHead(500).end();
    await expect(pollOnce(settings(), time)).rejects.toThrow("answered 500");
    const counts = noCounts();
    await expect(pollInto(counts, settings(), time)).rejects.toThrow("answered 500");
    expect(counts.circuitOpen).toBe(true);
    expect(api.requests).toHaveLength(5);

    clock.mockReturnValue(1_059_000);
    expect(await pollOnce(settings(), time)).toMatchObject({
      outcome: PollOutcome.CircuitOpen,
      circuitOpen: true,
    });
    expect(api.requests).toHaveLength(5);

    clock.mockReturnValue(1_061_000);
    await expect(pollOnce(settings(), time)).rejects.toThrow("answered 500");
    expect(api.requests).toHaveLength(6);
    expect(await pollOnce(settings(), time)).toMatchObject({ outcome: PollOutcome.CircuitOpen });

    clock.mockReturnValue(1_122_000);
    api.answer = (_, response) => json(response, { data: items });
    expect(await pollOnce(settings(), time)).toMatchObject({
      outcome: PollOutcome.Finished,
      circuitOpen: false,
    });
    expect(await pollOnce(settings(), time)).toMatchObject({
      outcome: PollOutcome.Finished,
      circuitOpen: false,
    });
  });

  test("does not open for a rate limit: the service lives", async () => {
    api.answer = (_, response) => void response.writeHead(429).end();
    for (let call = 0; call < 4; call++) await expect(pollOnce(settings(), time)).rejects.toThrow("429");
    expect(api.requests).toHaveLength(12);
  });
});

describe("credentials", () => {
  const sent = (): (string | undefined)[] => api.requests.map(({ headers }) => headers.authorization);
  const withSecret = (authentication: ApiRequest["authentication"]) =>
    settingsOf(request({ authentication }), { SECRET_ARN: "arn:secret" });

  test.each([
    [ApiAuthenticationKind.Bearer, "alone\n", "authorization", "Bearer alone"],
    [ApiAuthenticationKind.Bearer, '{"token":"t"}', "authorization", "Bearer t"],
    [ApiAuthenticationKind.Basic, '{"username":"u","password":"p"}', "authorization", "Basic dTpw"],
    [ApiAuthenticationKind.ApiKey, '{"apiKey":"k"}', "x-api-key", "k"],
  ])("of the kind %s are sent", async (kind, secret, header, value) => {
    cloud.secret = secret;
    api.answer = (_, response) => json(response, { data: items });
    await pollOnce(withSecret({ kind }), time);
    expect(api.requests[0]?.headers[header]).toBe(value);
  });

  test("of OAuth 2 are exchanged for a token", async () => {
    cloud.secret = '{"clientId":"c","clientSecret":"s"}';
    api.answer = ({ url }, response, body) => {
      if (url !== "/token") json(response, { data: items });
      else json(response, { access_token: body.includes("scope=read") ? "fresh" : "", expires_in: 3600 });
    };
    const authentication = {
      kind: ApiAuthenticationKind.OAuth2ClientCredentials,
      tokenUrl: `${origin}/token`,
      scope: "read",
    };
    await pollOnce(withSecret(authentication), time);
    expect(sent()).toEqual(["Basic Yzpz", "Bearer fresh"]);
  });

  test("that were rotated are read again, once", async () => {
    cloud.secret = "old";
    api.answer = ({ headers }, response) => {
      cloud.secret = "new";
      if (headers.authorization === "Bearer new") json(response, { data: items });
      else response.writeHead(401).end();
    };
    await pollOnce(withSecret({ kind: ApiAuthenticationKind.Bearer }), time);
    expect(sent()).toEqual(["Bearer old", "Bearer new"]);
    expect(cloud.secretReads).toBe(2);
  });

  test("are in no fault", async () => {
    cloud.secret = '{"token":"hunter2"}';
    api.answer = (_, response) => void response.writeHead(403).end("hunter2 is not allowed");
    const failure = await pollOnce(withSecret({ kind: ApiAuthenticationKind.Bearer }), time).catch(String);
    expect(failure).toContain("answered 403");
    expect(JSON.stringify([failure, cloud.item, cloud.letters])).not.toContain("hunter2");
    const missing = await pollOnce(withSecret({ kind: ApiAuthenticationKind.Basic }), time).catch(String);
    expect(missing).toContain('no text "username"');
  });
});
