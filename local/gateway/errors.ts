import type { Call } from "./routing";

/** A whole HTTP answer held in memory. */
export interface BufferedResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** An AWS error that the gateway itself answers. */
export class AwsError extends Error {
  constructor(
    /** Error code as the service's model names it, for example `ResourceInUse`. */
    public readonly code: string,
    message: string,
    public readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}

export function jsonResponse(
  status: number,
  body: unknown,
  contentType = "application/json",
): BufferedResponse {
  return { status, headers: { "content-type": contentType }, body: Buffer.from(JSON.stringify(body)) };
}

const escapeXml = (text: string): string =>
  text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);

function speaksJson(call: Call): boolean {
  const contentType = call.headers["content-type"] ?? "";
  return (
    call.headers["x-amz-target"] !== undefined ||
    contentType.includes("json") ||
    jsonServices.has(call.service ?? "")
  );
}

/** REST services whose reads carry no body, so that nothing but the name tells their protocol. */
const jsonServices: ReadonlySet<string> = new Set([
  "eks",
  "lakeformation",
  "emr-serverless",
  "aps",
  "sagemaker",
  "lambda",
]);

/** The error in the protocol that the caller speaks, so that every SDK shows its code and sentence. */
export function errorResponse(call: Call, error: AwsError): BufferedResponse {
  if (speaksJson(call)) {
    const response = jsonResponse(error.status, { __type: error.code, message: error.message });
    response.headers["x-amzn-errortype"] = error.code;
    return response;
  }
  const inner = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
  const xml =
    call.service === "s3"
      ? `<Error>${inner}<RequestId>gateway</RequestId></Error>`
      : `<ErrorResponse><Error><Type>Sender</Type>${inner}</Error><RequestId>gateway</RequestId></ErrorResponse>`;
  return { status: error.status, headers: { "content-type": "text/xml" }, body: Buffer.from(xml) };
}

/** The answer to a call that no emulator behind the gateway knows. 501 is not retried by SDKs. */
export function notImplemented(call: Call): AwsError {
  return new AwsError(
    "NotImplemented",
    `The sandbox does not carry ${call.operation} of ${call.service ?? "an unsigned request"}: ` +
      `${call.backend} does not know this operation.`,
    501,
  );
}
