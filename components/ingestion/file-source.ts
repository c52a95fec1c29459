import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { policyDocument } from "../shared/service-role";
import { ArgumentChecker } from "../shared/validation";
import { checkSource, SourceArgs, sourceTags } from "./source-args";

/** Arguments of {@link FileSource}. */
export interface FileSourceArgs extends SourceArgs {
  /** ARNs of the roles, users or accounts that deliver the files; each may assume the producer role. */
  producerArns: pulumi.Input<pulumi.Input<string>[]>;
  /** Secret word that producers of another company must give when they assume the role. @default none is asked for */
  externalId?: pulumi.Input<string>;
  /** Hours without a single good row after which the alarm rings, 1 to 168. @default 24 */
  maximumSilenceHours?: number;
}

/**
 * Lets others drop files into the raw zone: a role that may add files below the data set and do nothing else, and an
 * alarm when no good rows arrive. A file that cannot be read goes to quarantine, where the data set's `DataValidator`
 * keeps it with its reasons; its events are replayed by the validator too.
 */
export class FileSource extends pulumi.ComponentResource {
  /** ARN of the role that producers assume. */
  public readonly producerRoleArn: pulumi.Output<string>;
  /** Where producers put their files: `s3://<bucket>/<dataset>/`. */
  public readonly deliveryUri: pulumi.Output<string>;
  /** ARN of the alarm that rings when no good rows arrive. */
  public readonly silenceAlarmArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: FileSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:FileSource", name, args, opts);
    const role = createProducerRole(`${name}-producer`, args, this);
    const alarm = createSilenceAlarm(`${name}-silence`, args, this);
    this.producerRoleArn = role.arn;
    this.deliveryUri = pulumi.interpolate`s3://${args.rawBucketName}/${args.dataset}/`;
    this.silenceAlarmArn = alarm.arn;
    this.registerOutputs({
      producerRoleArn: this.producerRoleArn,
      deliveryUri: this.deliveryUri,
      silenceAlarmArn: this.silenceAlarmArn,
    });
  }
}

function checkArguments(args: FileSourceArgs): void {
  const checker = checkSource(new ArgumentChecker(), args);
  const { producerArns } = args;
  if (Array.isArray(producerArns)) {
    checker.require(producerArns.length > 0, "producerArns", "none was given; at least one is needed");
    (producerArns as unknown[]).forEach((arn, index) => {
      if (typeof arn !== "string") return;
      checker.require(
        /^arn:[a-z-]+:(iam|sts)::\d{12}:.+$/.test(arn),
        `producerArns[${index}]`,
        `"${arn}" was given; the ARN of a role, a user or an account is needed`,
      );
    });
  }
  checker.range(args.maximumSilenceHours, "maximumSilenceHours", 1, 168).done("FileSource");
}

function createProducerRole(name: string, args: FileSourceArgs, parent: pulumi.Resource): aws.iam.Role {
  const role = new aws.iam.Role(
    name,
    {
      description: pulumi.interpolate`Delivers files of the data set ${args.dataset}. Owner: ${args.owner}.`,
      assumeRolePolicy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: args.producerArns },
            Action: ["sts:AssumeRole"],
            ...(args.externalId === undefined
              ? {}
              : { Condition: { StringEquals: { "sts:ExternalId": args.externalId } } }),
          },
        ],
      }),
      permissionsBoundary: args.permissionsBoundaryArn,
      tags: sourceTags(args),
    },
    { parent },
  );
  new aws.iam.RolePolicy(
    name,
    {
      role: role.name,
      policy: policyDocument([
        {
          sid: "Deliver",
          actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
          resources: [pulumi.interpolate`${args.rawBucketArn}/${args.dataset}/*`],
        },
        // A file in several parts is put together with the key that the parts were encrypted with.
        ...(args.kmsKeyArn === undefined
          ? []
          : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [args.kmsKeyArn] }]),
      ]),
    },
    { parent: role },
  );
  return role;
}

const secondsOfAnHour = 3600;

/** Rings when the validator has found no good row for some hours; a validator that says nothing counts as silence. */
function createSilenceAlarm(
  name: string,
  args: FileSourceArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm {
  const hours = args.maximumSilenceHours ?? 24;
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: pulumi.interpolate`No good row of the data set ${args.dataset} arrived for ${hours} hours. Ask the producer, and look into quarantine. Owner: ${args.owner}.`,
      namespace: "mlops/data-quality",
      metricName: "GoodRows",
      // Powertools puts the name of the service beside the dimensions that the validator sets.
      dimensions: { service: "data-validator", Dataset: args.dataset },
      statistic: "Sum",
      period: secondsOfAnHour,
      evaluationPeriods: hours,
      datapointsToAlarm: hours,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
      alarmActions: args.alarmTopicArn === undefined ? [] : [args.alarmTopicArn],
      tags: sourceTags(args),
    },
    { parent },
  );
}
