import type { ModelPointer } from "../../components/contracts/model-pointer";
import { fromMetadata } from "../shared/model-evidence";

/** What the registry says about a version. */
export interface RegisteredVersion {
  arn: string;
  version: number;
  modelDataUrl: string;
  metadata: Record<string, string>;
}

/** The pointer to a newly approved version. */
export function promotedPointer(
  model: string,
  registered: RegisteredVersion,
  current: ModelPointer | undefined,
  times: { decidedAt: string; promotedAt: string },
): ModelPointer {
  const { metrics, baselineUri } = fromMetadata(registered.metadata);
  return {
    model,
    version: registered.version,
    modelPackageArn: registered.arn,
    modelDataUrl: registered.modelDataUrl,
    baselineUri,
    metrics,
    ...times,
    ...(current === undefined ? {} : { previousVersion: current.version }),
  };
}

/** Whether a later decision than this one has been carried out: an old event that was tried again must not undo it. */
export function isSuperseded(decidedAt: string, current: ModelPointer | undefined): boolean {
  return current?.decidedAt !== undefined && Date.parse(decidedAt) < Date.parse(current.decidedAt);
}

/**
 * The pointer to the version that served before. It keeps that version's own predecessor, so that two rollbacks go
 * two versions back.
 * @param history - earlier pointers, oldest first
 * @throws Error when there is no version to go back to
 */
export function rolledBackPointer(
  model: string,
  current: ModelPointer | undefined,
  history: readonly ModelPointer[],
  now: string,
): ModelPointer {
  if (current?.previousVersion === undefined) {
    throw new Error(
      current === undefined
        ? `${model} has no champion; there is nothing to roll back.`
        : `Version ${current.version} of ${model} is the first that served; there is nothing to go back to.`,
    );
  }
  const earlier = history.findLast(({ version }) => version === current.previousVersion);
  if (earlier === undefined) {
    throw new Error(
      `Version ${current.previousVersion} of ${model} is no longer in the pointer's history; approve it again in the registry to promote it.`,
    );
  }
  return { ...earlier, promotedAt: now, decidedAt: now };
}
