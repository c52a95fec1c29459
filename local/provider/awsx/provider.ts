import type * as pulumi from "@pulumi/pulumi";
import type { Provider } from "@pulumi/pulumi/provider";
import { Vpc } from "./vpc";

/** Version of `@pulumi/awsx` that this provider stands in for: the engine asks for exactly that one. */
export const version = "3.9.0";

/** The sandbox's awsx provider: `awsx.ec2.Vpc`, the component of it that the platform uses. */
export class AwsxProvider implements Provider {
  readonly version = version;

  async construct(
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ) {
    if (type !== "awsx:ec2:Vpc") {
      throw new Error(
        `${type}: the sandbox's awsx provider serves awsx:ec2:Vpc only; declare the aws resources instead.`,
      );
    }
    const vpc = new Vpc(name, options);
    return { urn: vpc.urn, state: await vpc.create(inputs) };
  }
}
