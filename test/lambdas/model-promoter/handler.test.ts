import * as https from "node:https";
import type { AddressInfo } from "node:net";

import { EKSClient } from "@aws-sdk/client-eks";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SSMClient } from "@aws-sdk/client-ssm";

import type { ModelPointer } from "../../../components/contracts/model-pointer";
import type { PromoterAnswer } from "../../../lambdas/model-promoter/handler";
import { toMetadata } from "../../../lambdas/shared/model-evidence";
import { FakeAws, lambdaContext, loadHandler } from "../fake-aws";
import { pointer } from "../pointers";
import { otherCertificate, serverCertificate, serverKey } from "./certificates";

jest.spyOn(console, "log").mockImplementation(() => undefined);
const parameter = "/mlops/test/delays/champion";
const handler = loadHandler<(event: unknown, context: never) => Promise<PromoterAnswer>>("model-promoter", {
  MODEL_NAME: "delays",
  MODEL_PACKAGE_GROUP: "delays",
  CHAMPION_PARAMETER: parameter,
  CLUSTER_NAME: "serving",
  NAMESPACE: "models",
  DEPLOYMENT_NAME: "delays",
});

interface Call {
  method?: string;
  url?: string;
  headers: Record<string, unknown>;
  body: string;
}

/** An API server that records what it is asked. */
class ApiServer {
  readonly calls: Call[] = [];
  status = 200;
  private readonly server = https.createServer({ key: serverKey, cert: serverCertificate }, (req, res) => {
    let body = "";
    req.on("data", (piece: Buffer) => (body += piece.toString()));
    req.on("end", () => {
      this.calls.push({ method: req.method, url: req.url, headers: req.headers, body });
      res.writeHead(this.status, { "content-type": "application/json" });
      res.end(JSON.stringify({ kind: "Status", message: "deployments.apps is forbidden" }));
    });
  });

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  get endpoint(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}

const api = new ApiServer();
beforeAll(() => api.listen());
afterAll(() => api.close());

let values: string[];
let certificate: string;
let approval: string;
let aws: FakeAws;

beforeEach(() => {
  api.calls.length = 0;
  api.status = 200;
  certificate = serverCertificate;
  approval = "Approved";
  values = ["none"];
  aws = new FakeAws({
    GetParameterCommand: () => ({ Parameter: { Value: values.at(-1) } }),
    // Two pages: history is longer than one answer.
    GetParameterHistoryCommand: ({ NextToken }) =>
      NextToken === undefined
        ? { Parameters: values.slice(0, 1).map((Value) => ({ Value })), NextToken: "more" }
        : { Parameters: values.slice(1).map((Value) => ({ Value })) },
    PutParameterCommand: ({ Value }) => void values.push(Value as string),
    DescribeModelPackageCommand: ({ ModelPackageName }) => {
      const version = Number((ModelPackageName as string).split("/").at(-1));
      return {
        ModelApprovalStatus: approval,
        ModelPackageVersion: version,
        InferenceSpecification: { Containers: [{ ModelDataUrl: pointer(version).modelDataUrl }] },
        CustomerMetadataProperties: toMetadata({
          metrics: { accuracy: 0.9 },
          baselineUri: pointer(version).baselineUri,
          evaluationUri: "s3://registry/evaluation.json",
          dataUri: "s3://curated/flights/",
          trigger: "manual",
          trainingJobName: "job",
          executionName: "run",
        }),
      };
    },
    DescribeClusterCommand: () => ({
      cluster: {
        endpoint: api.endpoint,
        certificateAuthority: { data: Buffer.from(certificate).toString("base64") },
      },
    }),
  }).replace(EKSClient, SageMakerClient, SSMClient);
});

const approve = (version: number, time = `2026-01-0${version}T12:00:00Z`): Promise<PromoterAnswer> =>
  handler(
    {
      source: "aws.sagemaker",
      "detail-type": "SageMaker Model Package State Change",
      time,
      detail: {
        ModelPackageArn: pointer(version).modelPackageArn,
        ModelPackageGroupName: "delays",
        ModelApprovalStatus: "Approved",
      },
    },
    lambdaContext,
  );
const current = (): ModelPointer => JSON.parse(values.at(-1) ?? "") as ModelPointer;
const served = (call: Call | undefined): unknown => {
  const [container] = (
    JSON.parse(call?.body ?? "{}") as { spec: { template: { spec: { containers: { env: unknown }[] } } } }
  ).spec.template.spec.containers;
  return container?.env;
};

test("an approval sets the Deployment's fields and then the pointer", async () => {
  const answer = await approve(1);
  expect(answer).toMatchObject({ changed: true, pointer: { version: 1 } });
  expect(current()).toEqual(answer.pointer);
  expect(api.calls).toHaveLength(1);
  const [call] = api.calls;
  expect(call?.method).toBe("PATCH");
  expect(call?.url).toBe(
    "/apis/apps/v1/namespaces/models/deployments/delays?fieldManager=mlops-promoter&force=true",
  );
  expect(call?.headers["content-type"]).toBe("application/apply-patch+yaml");
  expect(call?.headers.authorization).toMatch(/^Bearer k8s-aws-v1\./);
  expect(JSON.parse(call?.body ?? "")).toEqual({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: "models", name: "delays" },
    spec: {
      template: {
        metadata: { annotations: { "mlops.dev/model-version": "1" } },
        spec: {
          containers: [
            {
              name: "model-server",
              env: [
                { name: "MODEL_VERSION", value: "1" },
                { name: "MODEL_URI", value: pointer(1).modelDataUrl },
              ],
            },
          ],
        },
      },
    },
  });
});

test("where the cluster refuses, the pointer stays, the server's words are told, and a retry works", async () => {
  await approve(1);
  api.status = 403;
  await expect(approve(2)).rejects.toThrow(/answered 403 .*deployments\.apps is forbidden/);
  expect(current().version).toBe(1);
  api.status = 200;
  await approve(2);
  expect(current()).toMatchObject({ version: 2, previousVersion: 1 });
});

test("a server with another certificate is not talked to", async () => {
  certificate = otherCertificate;
  await expect(approve(1)).rejects.toThrow(
    /The Kubernetes API server at 127\.0\.0\.1:\d+ could not be reached/,
  );
  expect(api.calls).toEqual([]);
  expect(values).toEqual(["none"]);
});

test("the same approval again applies the fields again and leaves the pointer", async () => {
  await approve(1);
  const answer = await approve(1);
  expect(answer).toMatchObject({ changed: false, reason: "Version 1 serves already." });
  expect(values).toHaveLength(2);
  expect(api.calls).toHaveLength(2);
});

test("an approval that was overtaken by a newer one changes nothing", async () => {
  await approve(2);
  expect(await approve(1)).toMatchObject({ changed: false });
  expect(current().version).toBe(2);
  expect(api.calls).toHaveLength(1);
});

test("a version whose approval was taken back meanwhile is not promoted", async () => {
  approval = "Rejected";
  await expect(approve(1)).rejects.toThrow("is Rejected; only an approved version is promoted");
  expect(values).toEqual(["none"]);
});

test("a rollback brings the version before back, in the cluster and in the pointer", async () => {
  for (const version of [1, 2, 3]) await approve(version);
  const answer = await handler({ action: "rollback", fromVersion: 3 }, lambdaContext);
  expect(answer).toMatchObject({ changed: true, pointer: { version: 2, previousVersion: 1 } });
  expect(current()).toMatchObject({ version: 2, modelDataUrl: pointer(2).modelDataUrl });
  expect(served(api.calls.at(-1))).toContainEqual({ name: "MODEL_VERSION", value: "2" });
  expect(await handler({ action: "rollback", fromVersion: 3 }, lambdaContext)).toMatchObject({
    changed: false,
  });
  expect(current().version).toBe(2);
});

test("a rollback before any promotion is refused", async () => {
  await expect(handler({ action: "rollback" }, lambdaContext)).rejects.toThrow("delays has no champion");
  expect(aws.inputsOf("PutParameterCommand")).toEqual([]);
});
