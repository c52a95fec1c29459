import { Backend, classify } from "../../../local/gateway/routing";

const signed = (service: string): { authorization: string } => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20300101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

describe("classify", () => {
  test.each([
    ["sagemaker", Backend.Moto],
    ["application-autoscaling", Backend.Moto],
    ["dms", Backend.Moto],
    ["lakeformation", Backend.Moto],
    ["emr-serverless", Backend.Moto],
    ["aps", Backend.Moto],
    ["codedeploy", Backend.Moto],
    ["s3", Backend.MiniStack],
    ["monitoring", Backend.MiniStack],
    ["states", Backend.MiniStack],
    ["a-service-nobody-knows", Backend.MiniStack],
  ])("sends %s to %s", (service, backend) => {
    expect(classify("POST", "/", signed(service))).toMatchObject({ service, backend });
  });

  it("sends an unsigned request to MiniStack", () => {
    expect(classify("GET", "/bucket/key", {})).toMatchObject({
      service: undefined,
      backend: Backend.MiniStack,
    });
  });

  it("reads the service of a presigned address", () => {
    const url = "/?X-Amz-Credential=AKID%2F20300101%2Fus-east-1%2Fsagemaker%2Faws4_request";
    expect(classify("GET", url, {})).toMatchObject({ service: "sagemaker", backend: Backend.Moto });
  });

  it("prefers the header to the address", () => {
    const url = "/?X-Amz-Credential=AKID%2F20300101%2Fus-east-1%2Fsagemaker%2Faws4_request";
    expect(classify("GET", url, signed("s3")).service).toBe("s3");
  });

  it("does not take a broken scope for a service", () => {
    expect(
      classify("GET", "/", { authorization: "AWS4-HMAC-SHA256 Credential=sagemaker" }).service,
    ).toBeUndefined();
  });

  it("sends the account's own S3 settings to moto, a bucket's to MiniStack", () => {
    const path = "/v20180820/configuration/publicAccessBlock";
    expect(classify("GET", path, signed("s3")).backend).toBe(Backend.Moto);
    expect(classify("GET", `/bucket${path}`, signed("s3")).backend).toBe(Backend.MiniStack);
  });

  test.each([
    ["CreateRegistry", Backend.Moto],
    ["ListRegistries", Backend.Moto],
    ["GetSchema", Backend.Moto],
    ["GetSchemaByDefinition", Backend.Moto],
    ["RegisterSchemaVersion", Backend.Moto],
    ["PutSchemaVersionMetadata", Backend.Moto],
    ["CreateTable", Backend.MiniStack],
    ["TagResource", Backend.MiniStack],
    ["StartJobRun", Backend.MiniStack],
  ])("sends Glue's %s to %s", (operation, backend) => {
    const headers = { ...signed("glue"), "x-amz-target": `AWSGlue.${operation}` };
    expect(classify("POST", "/", headers).backend).toBe(backend);
  });

  test.each([
    ["a target", "/", { "x-amz-target": "SageMaker.CreateModel" }, "CreateModel"],
    ["a target with dots in its service", "/", { "x-amz-target": "a.b.Run" }, "Run"],
    ["a query action", "/?Action=GetCallerIdentity", {}, "GetCallerIdentity"],
    ["neither", "/clusters/a?x=1", {}, "POST /clusters/a"],
  ])("names the operation by %s", (_case, url, headers, operation) => {
    expect(classify("POST", url, headers).operation).toBe(operation);
  });
});
