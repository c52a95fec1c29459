import { fromMetadata, ModelEvidence, toMetadata } from "../../../lambdas/shared/model-evidence";

const evidence: ModelEvidence = {
  metrics: { accuracy: 0.9312, recall: 0.5 },
  baselineUri: "s3://registry/delays/training/job/output/baseline.json",
  evaluationUri: "s3://registry/delays/evaluations/run/evaluation.json",
  dataUri: "s3://curated/flights/",
  trigger: "drift",
  trainingJobName: "delays-run",
  executionName: "run",
};

/** What SageMaker accepts as a value: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html */
const sageMakerText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

describe("evidence in the registry", () => {
  test("goes there and back", () => {
    expect(fromMetadata(toMetadata(evidence))).toEqual(evidence);
  });

  test("keeps metrics under their own names, in texts that SageMaker accepts", () => {
    const metadata = toMetadata(evidence);
    expect(metadata.accuracy).toBe("0.9312");
    expect(Object.values(metadata).filter((text) => !sageMakerText.test(text))).toEqual([]);
  });

  test.each(["baselineUri", "f1 score", "", "a,b"])("refuses the metric name %p", (name) => {
    expect(() => toMetadata({ ...evidence, metrics: { [name]: 1 } })).toThrow(`The metric name "${name}"`);
  });

  test("refuses more metrics than the registry takes", () => {
    const metrics = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`metric-${i}`, i]));
    expect(() => toMetadata({ ...evidence, metrics })).toThrow(
      "has 45 metrics; the registry takes at most 44",
    );
  });

  test("names what a version registered by hand lacks", () => {
    expect(() => fromMetadata({ accuracy: "0.9", dataUri: "s3://a/" })).toThrow(
      "lacks the metadata baselineUri, evaluationUri, trigger, trainingJobName, executionName",
    );
  });
});
