import {
  CreateFlowLogsCommand,
  DeleteFlowLogsCommand,
  DescribeFlowLogsCommand,
  type DestinationOptionsRequest,
  EC2Client,
  type FlowLogsResourceType,
  type LogDestinationType,
  type TrafficType,
  type UnsuccessfulItem,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { toService } from "../support/casing";
import { answered } from "../../framework/answered";
import { orGone } from "../../framework/errors";
import { fromTagList } from "../../framework/tags";
import { defineResource, type Plain } from "../../framework/types";
import { ec2Arn, tagSpecifications, updateEc2Tags } from "./support";

type Inputs = Plain<aws.ec2.FlowLogArgs>;

/** Inputs that name what is logged, and what EC2 calls such a thing. */
const subjects = {
  vpcId: "VPC",
  subnetId: "Subnet",
  eniId: "NetworkInterface",
  transitGatewayId: "TransitGateway",
  transitGatewayAttachmentId: "TransitGatewayAttachment",
} as const satisfies Partial<Record<keyof Inputs, FlowLogsResourceType>>;

type Subject = keyof typeof subjects;

function subjectOf(inputs: Partial<Inputs>): Subject | undefined {
  return (Object.keys(subjects) as Subject[]).find((name) => inputs[name] !== undefined);
}

/** These calls answer errors instead of failing. */
function refuse(items: UnsuccessfulItem[] | undefined): void {
  const problem = items?.[0]?.Error;
  if (problem)
    throw Object.assign(new Error(problem.Message), { name: problem.Code ?? "Unknown", $metadata: {} });
}

export const flowLog = defineResource<aws.ec2.FlowLogArgs>({
  type: "aws:ec2/flowLog:FlowLog",
  taggable: true,
  check: (inputs) =>
    subjectOf(inputs) === undefined
      ? [
          {
            property: "vpcId",
            reason: `a flow log needs one of ${Object.keys(subjects).join(", ")}; none was given`,
          },
        ]
      : [],
  replaceOn: [
    ...(Object.keys(subjects) as Subject[]),
    "trafficType",
    "logDestination",
    "logDestinationType",
    "iamRoleArn",
    "logFormat",
    "maxAggregationInterval",
    "destinationOptions",
    "deliverCrossAccountRole",
  ],
  // AWS refuses a second log of the same subject to the same destination.
  deleteBeforeReplace: true,
  computed: ["arn", "logFormat", "logDestinationType", "maxAggregationInterval"],
  async create(inputs, context) {
    const subject = subjectOf(inputs)!;
    const answer = await context.client(EC2Client).send(
      new CreateFlowLogsCommand({
        ResourceIds: [String(inputs[subject])],
        ResourceType: subjects[subject],
        TrafficType: inputs.trafficType as TrafficType | undefined,
        LogDestination: inputs.logDestination,
        LogDestinationType: inputs.logDestinationType as LogDestinationType | undefined,
        LogFormat: inputs.logFormat,
        MaxAggregationInterval: inputs.maxAggregationInterval,
        DeliverLogsPermissionArn: inputs.iamRoleArn,
        DeliverCrossAccountRole: inputs.deliverCrossAccountRole,
        DestinationOptions:
          inputs.destinationOptions && toService<DestinationOptionsRequest>(inputs.destinationOptions),
        TagSpecifications: tagSpecifications("vpc-flow-log", inputs.tags),
      }),
    );
    refuse(answer.Unsuccessful);
    return { id: answer.FlowLogIds![0]! };
  },
  async read(id, properties, context) {
    const answer = await orGone(
      context.client(EC2Client).send(new DescribeFlowLogsCommand({ FlowLogIds: [id] })),
    );
    const found = answer?.FlowLogs?.find(({ FlowLogId }) => FlowLogId === id);
    if (!found) return undefined;
    return {
      arn: await ec2Arn(`vpc-flow-log/${id}`, undefined, context),
      [subjectOf(properties) ?? "vpcId"]: found.ResourceId,
      trafficType: found.TrafficType,
      logDestination: found.LogDestination,
      logDestinationType: found.LogDestinationType,
      ...(properties.logFormat ? answered({ logFormat: found.LogFormat }) : {}),
      ...answered({
        iamRoleArn: found.DeliverLogsPermissionArn,
        maxAggregationInterval: found.MaxAggregationInterval,
      }),
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, _properties, context) {
    const answer = await context.client(EC2Client).send(new DeleteFlowLogsCommand({ FlowLogIds: [id] }));
    refuse(answer.Unsuccessful);
  },
});
