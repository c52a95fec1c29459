import type { LineageEvent } from "../../../components/contracts/lineage-event";
import { LineageEventType } from "../../../components/contracts/lineage-event";
import { runIdOf } from "../../../lambdas/shared/lineage";

export const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:delays";
export const modelPackageArn = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/delays/7";

/** An OpenLineage event of a run that read and wrote objects of S3. */
export function run(
  name: string,
  time: string,
  inputs: string[],
  outputs: string[],
  eventType = LineageEventType.Complete,
): LineageEvent {
  const dataset = (uri: string) => {
    const [, namespace = "", path = ""] = /^(s3:\/\/[^/]+)\/(.*)$/.exec(uri) ?? [];
    return { namespace, name: path };
  };
  return {
    eventType,
    eventTime: time,
    producer: "https://example.com/producer",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: { runId: runIdOf(name) },
    job: { namespace: "test", name },
    inputs: inputs.map(dataset),
    outputs: outputs.map(dataset),
  };
}

/** An event as the bus delivers it. */
export const onBus = (source: string, type: string, detail: unknown, time = "2026-01-31T12:00:00Z") => ({
  version: "0",
  id: "event-1",
  source,
  "detail-type": type,
  account: "123456789012",
  time,
  region: "eu-west-1",
  resources: [],
  detail,
});

export const lineage = (event: LineageEvent) => onBus("mlops.lineage", "OpenLineage RunEvent", event);

/** A state change of a training run on a prefix or a manifest. */
export const training = (status: string, dataUri: string, time: string) =>
  onBus(
    "aws.states",
    "Step Functions Execution Status Change",
    {
      executionArn: `${stateMachineArn.replace(":stateMachine:", ":execution:")}:manual-1`,
      stateMachineArn,
      name: "manual-1",
      status,
      startDate: 1,
      stopDate: null,
      input: JSON.stringify({ trigger: "manual", dataUri }),
      output:
        status === "SUCCEEDED"
          ? JSON.stringify({
              dataUri,
              training: {
                jobName: "job",
                modelDataUrl: "s3://models/delays/training/job/output/model.tar.gz",
              },
              registered: { modelPackageArn },
            })
          : null,
    },
    time,
  );

/** A decision on the model version that the training run registered. */
export const approval = (status: string, time: string) =>
  onBus(
    "aws.sagemaker",
    "SageMaker Model Package State Change",
    {
      ModelPackageArn: modelPackageArn,
      ModelPackageGroupName: "delays",
      ModelPackageVersion: 7,
      ModelApprovalStatus: status,
    },
    time,
  );
