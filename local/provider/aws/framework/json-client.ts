import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { ClientConfiguration } from "./types";

/** A service that speaks AWS's JSON protocol. */
export interface JsonService {
  /** Name in the signature, e.g. `cloudtrail`. */
  signingName: string;
  /** What stands before the operation in the `X-Amz-Target` header. */
  targetPrefix: string;
}

/** Endpoint of the service: the environment's, as for the AWS SDK. */
function endpointOf(signingName: string, region: string): URL {
  const own = process.env[`AWS_ENDPOINT_URL_${signingName.toUpperCase()}`];
  return new URL(own ?? process.env.AWS_ENDPOINT_URL ?? `https://${signingName}.${region}.amazonaws.com`);
}

/** An error as the AWS SDK would throw it. */
function serviceError(status: number, body: string): Error {
  let answer: { __type?: string; message?: string; Message?: string } = {};
  try {
    answer = JSON.parse(body) as typeof answer;
  } catch {
    answer.message = body.slice(0, 200);
  }
  return Object.assign(new Error(answer.message ?? answer.Message ?? "AWS gave no message"), {
    name: answer.__type?.split("#").at(-1) ?? `HTTP${status}`,
    $metadata: { httpStatusCode: status },
  });
}

/** Client class of a service for which the project carries no AWS SDK client. */
export function jsonClient(service: JsonService) {
  return class JsonClient {
    constructor(readonly configuration: ClientConfiguration) {}

    /** Calls one operation; its errors look as those of the AWS SDK. */
    async call<Answer>(operation: string, input: object): Promise<Answer> {
      const { region } = this.configuration;
      const url = endpointOf(service.signingName, region);
      const signer = new SignatureV4({
        service: service.signingName,
        region,
        sha256: Sha256,
        credentials: {
          accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
          secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
          sessionToken: process.env.AWS_SESSION_TOKEN,
        },
      });
      const signed = await signer.sign({
        method: "POST",
        protocol: url.protocol,
        hostname: url.hostname,
        path: "/",
        query: {},
        headers: {
          host: url.host,
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": `${service.targetPrefix}.${operation}`,
        },
        body: JSON.stringify(input),
      });
      // fetch sets the host itself, and refuses to be given one.
      const headers = Object.entries(signed.headers).filter(([name]) => name !== "host");
      const response = await fetch(url, { method: "POST", headers, body: signed.body as string });
      const body = await response.text();
      if (!response.ok) throw serviceError(response.status, body);
      return (body === "" ? {} : JSON.parse(body)) as Answer;
    }
  };
}
