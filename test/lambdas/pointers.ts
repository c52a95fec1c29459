import type { ModelPointer } from "../../components/contracts/model-pointer";

/** A pointer to a version, for tests. */
export function pointer(version: number, changes: Partial<ModelPointer> = {}): ModelPointer {
  return {
    model: "delays",
    version,
    modelPackageArn: `arn:aws:sagemaker:eu-west-1:123456789012:model-package/delays/${version}`,
    modelDataUrl: `s3://registry/delays/training/job-${version}/output/model.tar.gz`,
    baselineUri: `s3://registry/delays/training/job-${version}/output/baseline.json`,
    metrics: { accuracy: 0.9 },
    promotedAt: `2026-01-0${version}T12:00:05.000Z`,
    decidedAt: `2026-01-0${version}T12:00:00.000Z`,
    ...(version > 1 ? { previousVersion: version - 1 } : {}),
    ...changes,
  };
}
