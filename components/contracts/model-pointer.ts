/**
 * Which registered version serves, and on what evidence. Stored as JSON in the SSM parameter
 * `/mlops/<environment>/<model>/champion`; the parameter's history holds the earlier champions.
 */
export interface ModelPointer {
  /** Model name. */
  model: string;
  /** Version number in the model package group. */
  version: number;
  /** ARN of the approved model package. */
  modelPackageArn: string;
  /** S3 URI of the model artefact (`model.tar.gz`). */
  modelDataUrl: string;
  /** S3 URI of the baseline profile that drift is measured against. */
  baselineUri: string;
  /** Metrics that the version had at the gate. */
  metrics: Record<string, number>;
  /** Time of the promotion, ISO 8601 in UTC. */
  promotedAt: string;
  /** Time of the approval or rollback that this pointer follows, ISO 8601 in UTC; an older decision cannot replace it. */
  decidedAt?: string;
  /** Version that served before; rollback goes there. */
  previousVersion?: number;
}
