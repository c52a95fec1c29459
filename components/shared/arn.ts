import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Beginning of the ARNs of a service in this account and region: `arn:aws:ssm:eu-west-1:123456789012`. */
export function arnPrefix(service: string, parent: pulumi.Resource): pulumi.Output<string> {
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  const region = aws.getRegionOutput({}, { parent }).region;
  const accountId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  return pulumi.interpolate`arn:${partition}:${service}:${region}:${accountId}`;
}

/** ARN of an SSM parameter, whose name begins with a slash. */
export function parameterArn(name: pulumi.Input<string>, parent: pulumi.Resource): pulumi.Output<string> {
  return pulumi.interpolate`${arnPrefix("ssm", parent)}:parameter${name}`;
}
