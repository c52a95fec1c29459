import * as pulumi from "@pulumi/pulumi";

import {
  createServiceRole,
  ServiceRoleParts,
  ServiceRoleSpec,
} from "../../../components/shared/service-role";
import {
  deployInMocks,
  MockedDeployment,
  mockAccountId,
  parsePolicy,
  PolicyDocument,
} from "../../support/pulumi-mocks";

class Parent extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Parent", "parent");
  }
}

const deploy = (spec: ServiceRoleSpec): Promise<MockedDeployment<ServiceRoleParts>> =>
  deployInMocks(() => createServiceRole("worker", spec, {}, new Parent()));
const trustOf = (deployed: MockedDeployment<unknown>): PolicyDocument["Statement"][number] | undefined =>
  parsePolicy(deployed.one("aws:iam/role:Role").inputs.assumeRolePolicy).Statement[0];

test("a role is trusted on behalf of this account, with what the caller adds", async () => {
  const deployed = await deploy({
    service: "pods.eks.amazonaws.com",
    statements: [],
    trustActions: ["sts:TagSession"],
    trustConditions: { "aws:RequestTag/kubernetes-namespace": pulumi.output("models") },
  });
  expect(trustOf(deployed)).toMatchObject({
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: { "aws:SourceAccount": mockAccountId, "aws:RequestTag/kubernetes-namespace": "models" },
    },
  });
});

test("EC2, which sends no source account, gets no condition that could never hold", async () => {
  expect(trustOf(await deploy({ service: "ec2.amazonaws.com", statements: [] }))).not.toHaveProperty(
    "Condition",
  );
});

test("a role without statements has no policy", async () => {
  const deployed = await deploy({ service: "ec2.amazonaws.com", statements: [] });
  expect(deployed.result.policy).toBeUndefined();
  expect(deployed.ofType("aws:iam/rolePolicy:RolePolicy")).toEqual([]);
});

test("statements are rendered as they are given, below the role", async () => {
  const deployed = await deploy({
    service: "lambda.amazonaws.com",
    statements: [
      {
        actions: ["s3:GetObject"],
        resources: [pulumi.output("arn:aws:s3:::raw/*")],
        conditions: { StringEquals: { "s3:ResourceAccount": mockAccountId } },
      },
    ],
  });
  const policy = deployed.one("aws:iam/rolePolicy:RolePolicy");
  expect(policy.parentUrn).toBe(deployed.one("aws:iam/role:Role").urn);
  expect(parsePolicy(policy.inputs.policy)).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: ["arn:aws:s3:::raw/*"],
        Condition: { StringEquals: { "s3:ResourceAccount": mockAccountId } },
      },
    ],
  });
});
