import {
  hyperparameterEnvironment,
  plainValue,
  scriptArguments,
} from "../../../../local/gateway/sagemaker/hyperparameters";
import { MetricReader } from "../../../../local/gateway/sagemaker/metrics";
import { modelPackageEvent } from "../../../../local/gateway/sagemaker/model-packages";
import { toLocal } from "../../../../local/gateway/sagemaker/paths";
import { joinS3Uri, parseS3Uri, relativePath } from "../../../../local/gateway/sagemaker/s3-transfer";

describe("hyperparameters", () => {
  const all = {
    sagemaker_program: '"train.py"',
    sagemaker_submit_directory: "s3://b/source.tar.gz",
    "learning-rate": "0.1",
    c: "2",
    name: '"a b"',
    flags: '{"deep":true}',
  };

  it("become arguments, those that name the script left out", () => {
    expect(scriptArguments(all)).toEqual([
      "-c",
      "2",
      "--flags",
      '{"deep":true}',
      "--learning-rate",
      "0.1",
      "--name",
      "a b",
    ]);
  });

  it("become variables, typed in SM_HPS", () => {
    const { SM_HPS, ...single } = hyperparameterEnvironment(all);
    expect(single).toEqual({
      SM_HP_C: "2",
      SM_HP_FLAGS: '{"deep":true}',
      SM_HP_LEARNING_RATE: "0.1",
      SM_HP_NAME: "a b",
    });
    expect(JSON.parse(SM_HPS ?? "")).toEqual({
      c: 2,
      flags: { deep: true },
      "learning-rate": 0.1,
      name: "a b",
    });
  });

  test.each([
    ['"train.py"', "train.py"],
    ["train.py", "train.py"],
    ['"half', '"half'],
  ])("%s means %s", (value, plain) => {
    expect(plainValue(value)).toBe(plain);
  });
});

test.each([
  ["/opt/ml/processing/input", "/job/opt/ml/processing/input"],
  ["--out=/opt/ml/model", "--out=/job/opt/ml/model"],
  ["file:///opt/ml/x,/opt/ml", "file:///job/opt/ml/x,/job/opt/ml"],
  ["/home/opt/ml/x", "/home/opt/ml/x"],
  ["/opt/mlflow", "/opt/mlflow"],
  ["s3://bucket/opt/ml/x", "s3://bucket/opt/ml/x"],
])("the path in %s becomes %s", (text, expected) => {
  expect(toLocal(text, "/job")).toBe(expected);
});

describe("S3", () => {
  test.each([
    ["data/train.csv", "data/train.csv", "train.csv"],
    ["data/", "data/a/b.csv", "a/b.csv"],
    ["data", "data/a/b.csv", "a/b.csv"],
    ["data/tr", "data/train.csv", "train.csv"],
    ["", "a/b.csv", "a/b.csv"],
  ])("under the prefix %p the object %s is %s", (prefix, key, expected) => {
    expect(relativePath(prefix, key)).toBe(expected);
  });

  it("reads and joins URIs", () => {
    expect(parseS3Uri("s3://bucket/a/b")).toEqual({ bucket: "bucket", key: "a/b" });
    expect(parseS3Uri("s3://bucket")).toEqual({ bucket: "bucket", key: "" });
    expect(() => parseS3Uri("https://bucket/a")).toThrow('"https://bucket/a" is not an S3 URI');
    expect(joinS3Uri("s3://bucket/a//", "job", "output")).toBe("s3://bucket/a/job/output");
  });
});

it("the last value of each metric counts, and what is no number does not", () => {
  const reader = new MetricReader([
    { Name: "accuracy", Regex: "accuracy=([^;]*);" },
    { Name: "loss", Regex: "loss=([0-9.e-]+)" },
  ]);
  for (const line of ["accuracy=0.5;", "accuracy=0.75;", "accuracy=nan;", "accuracy=;", "something else"])
    reader.read(line);
  expect(reader.values()).toEqual([
    { name: "accuracy", value: 0.75, timestamp: expect.any(Number) as number },
  ]);
});

it("a model package is told to the bus with what its promotion needs", () => {
  const arn = "arn:aws:sagemaker:us-east-1:123456789012:model-package/churn/3";
  const event = modelPackageEvent({
    ModelPackageArn: arn,
    ModelPackageGroupName: "churn",
    ModelPackageVersion: 3,
    ModelApprovalStatus: "Approved",
    CustomerMetadataProperties: { accuracy: "0.9" },
    InferenceSpecification: { Containers: [{ ModelDataUrl: "s3://b/model.tar.gz" }] },
    ModelMetrics: null,
    CreationTime: Date.UTC(2030, 0, 1) / 1000,
    CreatedBy: {},
  });
  expect(event).toEqual({
    source: "aws.sagemaker",
    detailType: "SageMaker Model Package State Change",
    resources: [arn],
    detail: {
      ModelPackageName: "churn/3",
      ModelPackageGroupName: "churn",
      ModelPackageVersion: 3,
      ModelPackageArn: arn,
      ModelApprovalStatus: "Approved",
      CustomerMetadataProperties: { accuracy: "0.9" },
      InferenceSpecification: { Containers: [{ ModelDataUrl: "s3://b/model.tar.gz" }] },
      CreationTime: "2030-01-01T00:00:00.000Z",
    },
  });
});
