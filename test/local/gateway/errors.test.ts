import { AwsError, BufferedResponse, errorResponse } from "../../../local/gateway/errors";
import { classify } from "../../../local/gateway/routing";
import { isUnsupported, unsupportedResponse } from "../../../local/gateway/unsupported";

const signed = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20300101/us-east-1/${service}/aws4_request`,
});
const answer = (status: number, contentType: string, body: string): BufferedResponse => ({
  status,
  headers: { "content-type": contentType },
  body: Buffer.from(body),
});

describe("errorResponse", () => {
  const error = new AwsError("ResourceInUse", 'name "a" & <b> is taken', 409);

  it("speaks JSON to a JSON caller", () => {
    const response = errorResponse(
      classify("POST", "/", { ...signed("sagemaker"), "x-amz-target": "SageMaker.X" }),
      error,
    );
    expect(JSON.parse(response.body.toString())).toEqual({
      __type: "ResourceInUse",
      message: 'name "a" & <b> is taken',
    });
    expect(response).toMatchObject({ status: 409, headers: { "x-amzn-errortype": "ResourceInUse" } });
  });

  it("speaks JSON to a reader of a REST service that has a JSON protocol", () => {
    expect(errorResponse(classify("GET", "/workspaces", signed("aps")), error).headers["content-type"]).toBe(
      "application/json",
    );
  });

  test.each([
    ["s3", "<Error><Code>ResourceInUse</Code>"],
    ["iam", "<ErrorResponse><Error><Type>Sender</Type><Code>ResourceInUse</Code>"],
  ])("speaks the XML of %s and escapes the sentence", (service, start) => {
    const text = errorResponse(classify("GET", "/", signed(service)), error).body.toString();
    expect(text.startsWith(start)).toBe(true);
    expect(text).toContain("name &#34;a&#34; &#38; &#60;b&#62; is taken");
  });
});

describe("isUnsupported", () => {
  const toMoto = classify("POST", "/", {
    ...signed("sagemaker"),
    "x-amz-target": "SageMaker.CreateMlflowTrackingServer",
  });
  const toMiniStack = classify("POST", "/", {
    ...signed("glue"),
    "x-amz-target": "AWSGlue.CreateDataQualityRuleset",
  });

  test.each([
    ["a web page of moto", toMoto, answer(500, "text/html; charset=utf-8", "<!doctype html>"), true],
    [
      "an error of moto's own",
      toMoto,
      answer(400, "application/json", '{"__type":"ValidationException"}'),
      false,
    ],
    [
      "an unknown service",
      toMiniStack,
      answer(400, "application/json", '{"error": "Unsupported service: glacier"}'),
      true,
    ],
    [
      "an unknown action",
      toMiniStack,
      answer(400, "application/json", '{"message":"Unknown Glue action: CreateDataQualityRuleset"}'),
      true,
    ],
    [
      "a plain refusal",
      toMiniStack,
      answer(400, "application/json", '{"message":"Unknown database"}'),
      false,
    ],
    ["a failure", toMiniStack, answer(500, "application/json", "{}"), false],
    ["a web page of a bucket", toMiniStack, answer(404, "text/html", "<html>"), false],
  ])("%s", (_case, call, response, expected) => {
    expect(isUnsupported(call, response)).toBe(expected);
  });

  it("names service, operation and emulator", () => {
    const response = unsupportedResponse(toMoto);
    expect(response.status).toBe(501);
    expect(JSON.parse(response.body.toString())).toEqual({
      __type: "NotImplemented",
      message:
        "The sandbox does not carry CreateMlflowTrackingServer of sagemaker: moto does not know this operation.",
    });
  });
});
