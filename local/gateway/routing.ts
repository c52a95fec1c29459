import type { IncomingHttpHeaders } from "node:http";

/** The two emulators behind the gateway. */
export enum Backend {
  MiniStack = "ministack",
  Moto = "moto",
}

/** One AWS call, as far as its headers and address tell. */
export interface Call {
  method: string;
  /** Path with the query string, as it was sent. */
  url: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Signing name of the service, for example `sagemaker`; undefined for an unsigned request. */
  service: string | undefined;
  /** Operation where the protocol names it, else method and path. */
  operation: string;
  backend: Backend;
}

/** Signing names of the services that go to moto as a whole, because a service split over two emulators has two states. */
const motoServices: ReadonlySet<string> = new Set([
  "sagemaker",
  "application-autoscaling",
  "dms",
  "lakeformation",
  "emr-serverless",
  "aps",
  "codedeploy",
]);

/** Glue's schema registry shares no state with the rest of Glue, and only moto has it: these operations go there. */
const schemaRegistry =
  /^[A-Z][a-z]+(Registr(y|ies)|Schema(s|Version|VersionsDiff|Versions|ByDefinition|VersionMetadata)?)$/;

/** The account-wide settings of S3 Control are signed as `s3`, share no state with buckets, and only moto has them. */
const accountSettingsOfS3 = "/v20180820/configuration/";

const scopePattern = /^[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request$/;

/** Signing name in a credential such as `AKID/20300101/us-east-1/s3/aws4_request`. */
export function serviceOfCredential(credential: string): string | undefined {
  return scopePattern.exec(credential)?.[1];
}

/** Signing name of a request: from the Authorization header, else from a presigned address. */
export function serviceOfRequest(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const header = /Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1];
  const credential = header ?? query.get("X-Amz-Credential") ?? undefined;
  return credential === undefined ? undefined : serviceOfCredential(credential);
}

function operationOf(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.slice(target.lastIndexOf(".") + 1);
  return query.get("Action") ?? `${method} ${path}`;
}

/** Reads one request: which service, which operation, which emulator. */
export function classify(method: string, url: string, headers: IncomingHttpHeaders): Call {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
  const service = serviceOfRequest(headers, query);
  const operation = operationOf(method, path, headers, query);
  const toMoto =
    (service !== undefined && motoServices.has(service)) ||
    (service === "s3" && path.startsWith(accountSettingsOfS3)) ||
    (service === "glue" && schemaRegistry.test(operation));
  return {
    method,
    url,
    path,
    headers,
    service,
    operation,
    backend: toMoto ? Backend.Moto : Backend.MiniStack,
  };
}
