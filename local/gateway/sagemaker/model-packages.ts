import type { BufferedResponse } from "../errors";
import type { EventPublisher, ServiceEvent } from "../events";
import { Forward, Interceptor, parseJson } from "../interceptor";
import type { Call } from "../routing";

const packageOperations: ReadonlySet<string> = new Set(["CreateModelPackage", "UpdateModelPackage"]);

/** Fields of a model package that the event carries besides its names and times. */
const carriedFields = [
  "ModelPackageGroupName",
  "ModelPackageName",
  "ModelPackageVersion",
  "ModelPackageArn",
  "ModelPackageDescription",
  "ModelPackageStatus",
  "ModelPackageStatusDetails",
  "ModelApprovalStatus",
  "ApprovalDescription",
  "CertifyForMarketplace",
  "InferenceSpecification",
  "SourceAlgorithmSpecification",
  "ModelMetrics",
  "MetadataProperties",
  "CustomerMetadataProperties",
  "Domain",
  "Task",
  "SamplePayloadUrl",
];

type Json = Record<string, unknown>;

/** "SageMaker Model Package State Change" for a model package as DescribeModelPackage shows it. */
export function modelPackageEvent(described: Json): ServiceEvent {
  const carried = carriedFields.filter(
    (field) => described[field] !== undefined && described[field] !== null,
  );
  const created = described.CreationTime;
  const arn = String(described.ModelPackageArn);
  return {
    source: "aws.sagemaker",
    detailType: "SageMaker Model Package State Change",
    resources: [arn],
    detail: {
      ModelPackageName: arn.slice(arn.indexOf("/") + 1),
      ...Object.fromEntries(carried.map((field) => [field, described[field]])),
      CreationTime: typeof created === "number" ? new Date(created * 1000).toISOString() : created,
    },
  };
}

/**
 * Tells the bus about model packages, which moto keeps but does not announce, and lets an update that leaves the
 * customer's properties out keep them, as SageMaker does and moto does not.
 */
export class ModelPackages implements Interceptor {
  /** @param describe DescribeModelPackage in AWS's JSON protocol, asked of the emulator; undefined when there is none */
  constructor(
    private readonly describe: (arn: string) => Promise<Json | undefined>,
    private readonly events: EventPublisher,
  ) {}

  handles(call: Call): boolean {
    return call.service === "sagemaker" && packageOperations.has(call.operation);
  }

  async handle(call: Call, body: Buffer, forward: Forward): Promise<BufferedResponse> {
    const request =
      call.operation === "UpdateModelPackage" ? await this.completed(parseJson(body)) : parseJson(body);
    const answer = await forward(Buffer.from(JSON.stringify(request)));
    if (answer.status !== 200) return answer;
    const described = await this.describe(String(parseJson(answer.body).ModelPackageArn));
    if (described) await this.events.publish(modelPackageEvent(described));
    return answer;
  }

  private async completed(request: Json): Promise<Json> {
    const present = await this.describe(String(request.ModelPackageArn));
    if (!present) return request;
    const kept = present.CustomerMetadataProperties as Record<string, string> | null | undefined;
    const added = request.CustomerMetadataProperties as Record<string, string> | undefined;
    return {
      ...request,
      ApprovalDescription: request.ApprovalDescription ?? present.ApprovalDescription ?? undefined,
      CustomerMetadataProperties: { ...kept, ...added },
    };
  }
}
