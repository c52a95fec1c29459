import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";

import type { GateAnswer } from "../../../lambdas/model-evaluator/handler";
import { buildProfile } from "../../../lambdas/shared/profile";
import { FakeAws, FakeS3, lambdaContext, loadHandler } from "../fake-aws";

jest.spyOn(console, "log").mockImplementation(() => undefined);
const handler = loadHandler<(event: unknown, context: never) => Promise<GateAnswer>>("model-evaluator", {
  CHAMPION_PARAMETER: "/mlops/test/delays/champion",
  GATE_METRIC: "accuracy",
  GATE_THRESHOLD: "0.8",
  GATE_MAXIMUM_REGRESSION: "0.01",
});
const request = {
  modelName: "delays",
  trainingJobName: "delays-run",
  executionName: "run",
  modelDataUrl: "s3://registry/delays/training/delays-run/output/model.tar.gz",
  evaluationPrefix: "s3://registry/delays/evaluations/run",
  dataUri: "s3://curated/flights/",
  trigger: "manual",
};
const rows = [{ delay: 1 }, { delay: 2 }];
let s3: FakeS3;

beforeEach(() => {
  s3 = new FakeS3();
  s3.objects.set(
    "registry/delays/evaluations/run/evaluation.json",
    '{"metrics":{"accuracy":0.9,"auc":NaN},"rows":50}',
  );
  s3.objects.set(
    "registry/delays/evaluations/run/reference.jsonl",
    rows.map((features) => JSON.stringify({ features })).join("\n"),
  );
  new FakeAws({ ...s3.answers(), GetParameterCommand: () => ({ Parameter: { Value: "none" } }) }).replace(
    S3Client,
    SSMClient,
  );
});

test("decides, and leaves the baseline beside the model", async () => {
  const answer = await handler(request, lambdaContext);
  expect(answer.decision).toMatchObject({ passed: true, value: 0.9 });
  expect(answer.baselineUri).toBe("s3://registry/delays/training/delays-run/output/baseline.json");
  expect(
    JSON.parse(s3.objects.get("registry/delays/training/delays-run/output/baseline.json") ?? ""),
  ).toEqual(buildProfile(rows));
});

test("gives the registry all evidence, without metrics that are no numbers", async () => {
  expect((await handler(request, lambdaContext)).metadata).toEqual({
    accuracy: "0.9",
    baselineUri: "s3://registry/delays/training/delays-run/output/baseline.json",
    evaluationUri: "s3://registry/delays/evaluations/run/evaluation.json",
    dataUri: "s3://curated/flights/",
    trigger: "manual",
    trainingJobName: "delays-run",
    executionName: "run",
  });
});

test("fails with the name of the object that the script did not write", async () => {
  s3.objects.delete("registry/delays/evaluations/run/reference.jsonl");
  await expect(handler(request, lambdaContext)).rejects.toThrow(
    "s3://registry/delays/evaluations/run/reference.jsonl could not be read",
  );
});
