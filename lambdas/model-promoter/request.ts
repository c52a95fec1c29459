import { z } from "zod";

/** A version was approved. */
export interface Promotion {
  action: "promote";
  modelPackageArn: string;
  /** Time of the approval. */
  decidedAt: string;
}

/** Someone wants the version back that served before. */
export interface Rollback {
  action: "rollback";
  /** Version that must serve now; a second call of the same request then changes nothing. */
  fromVersion?: number;
}

const approvalSchema = z.object({
  source: z.literal("aws.sagemaker"),
  "detail-type": z.literal("SageMaker Model Package State Change"),
  time: z.iso.datetime({ offset: true }),
  detail: z.object({
    ModelPackageArn: z.string().startsWith("arn:"),
    ModelPackageGroupName: z.string().min(1),
    ModelApprovalStatus: z.string(),
  }),
});

const rollbackSchema = z.strictObject({
  action: z.literal("rollback"),
  fromVersion: z.int().positive().optional(),
});

/**
 * Reads an event.
 * @throws Error that says which events are understood, or why an approval is not this function's
 */
export function toRequest(event: unknown, modelPackageGroup: string): Promotion | Rollback {
  const rollback = rollbackSchema.safeParse(event);
  if (rollback.success) return rollback.data;
  const approval = approvalSchema.safeParse(event);
  if (!approval.success) {
    const faults = approval.error.issues.map(
      ({ path, message }) => `${path.join(".") || "event"}: ${message}`,
    );
    throw new Error(
      `The event is neither the approval of a model package nor {"action": "rollback"}: ${faults.join("; ")}`,
    );
  }
  const { time, detail } = approval.data;
  if (detail.ModelPackageGroupName !== modelPackageGroup) {
    throw new Error(`${detail.ModelPackageArn} is not in the group ${modelPackageGroup}.`);
  }
  if (detail.ModelApprovalStatus !== "Approved") {
    throw new Error(
      `${detail.ModelPackageArn} is ${detail.ModelApprovalStatus}; only an approved version is promoted.`,
    );
  }
  return {
    action: "promote",
    modelPackageArn: detail.ModelPackageArn,
    decidedAt: new Date(time).toISOString(),
  };
}
