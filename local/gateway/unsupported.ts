import { BufferedResponse, errorResponse, notImplemented } from "./errors";
import { Backend, Call } from "./routing";

const unknownAction =
  /Unsupported service|Unknown \w*\s*action|is not valid for this web service|UnknownOperation/i;

/** Whether an error answer means that the emulator does not carry the operation, rather than that the call was wrong. */
export function isUnsupported(call: Call, answer: BufferedResponse): boolean {
  const contentType = String(answer.headers["content-type"] ?? "");
  // moto answers a web page where it knows no operation, and where an operation of its own breaks.
  if (call.backend === Backend.Moto && contentType.includes("text/html")) return true;
  if (answer.status === 501) return true;
  return answer.status === 400 && unknownAction.test(answer.body.subarray(0, 2048).toString("utf8"));
}

/** What the caller of an unsupported operation is told, in its own protocol. */
export function unsupportedResponse(call: Call): BufferedResponse {
  return errorResponse(call, notImplemented(call));
}
