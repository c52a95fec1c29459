import {
  CreatePolicyVersionCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  DisableKeyRotationCommand,
  KMSClient,
  ListAliasesCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
} from "@aws-sdk/client-kms";
import * as aws from "@pulumi/aws";
import type { ServiceCase } from "../service-case";
import { KnownIds } from "./known-ids";

const ids = new KnownIds();

const trust = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: [service] }, Action: ["sts:AssumeRole"] }],
});

const allow = (action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: [action], Resource: ["*"] }],
});

export const iam: ServiceCase = {
  service: "iam",
  program(changed) {
    const action = changed ? "s3:PutObject" : "s3:GetObject";
    const role = new aws.iam.Role("trainer", {
      assumeRolePolicy: JSON.stringify(trust("sagemaker.amazonaws.com"), undefined, 2),
      description: changed ? "Trains and evaluates" : "Trains",
      maxSessionDuration: changed ? 7200 : 3600,
      tags: { team: changed ? "b" : "a" },
    });
    ids.remember("role", role.name);
    const boundary = new aws.iam.Policy("boundary", {
      policy: JSON.stringify(allow("s3:*")),
      path: "/bounds/",
    });
    const bounded = new aws.iam.Role("bounded", {
      assumeRolePolicy: JSON.stringify(trust("lambda.amazonaws.com")),
      permissionsBoundary: boundary.arn,
      forceDetachPolicies: true,
    });
    ids.remember("bounded", bounded.name);
    const inline = new aws.iam.RolePolicy("inline", { role: role.id, policy: JSON.stringify(allow(action)) });
    ids.remember("inline", inline.name);
    const policy = new aws.iam.Policy("reader", {
      policy: JSON.stringify(allow(action)),
      tags: { kind: "reader" },
    });
    ids.remember("policy", policy.arn);
    const attached = changed ? boundary : policy;
    new aws.iam.RolePolicyAttachment("attached", { role: role.name, policyArn: attached.arn });
    new aws.iam.RolePolicyAttachment("detached-later", { role: bounded.name, policyArn: policy.arn });
    const profile = new aws.iam.InstanceProfile("profile", {
      role: changed ? bounded.name : role.name,
      tags: { kind: changed ? "second" : "first" },
    });
    ids.remember("profile", profile.name);
    const provider = new aws.iam.OpenIdConnectProvider("github", {
      url: "https://token.actions.example.com",
      clientIdLists: changed ? ["sts.amazonaws.com", "second"] : ["sts.amazonaws.com"],
      thumbprintLists: ["6938fd4d98bab03faadb97b34396831e3780aea1"],
    });
    ids.remember("provider", provider.arn);
    new aws.iam.ServiceLinkedRole("linked", {
      awsServiceName: "autoscaling.amazonaws.com",
      description: changed ? "second" : "first",
    });
  },
  updated: [
    "aws:iam/instanceProfile:InstanceProfile profile",
    "aws:iam/policy:Policy reader",
    "aws:iam/role:Role trainer",
    "aws:iam/rolePolicy:RolePolicy inline",
    "aws:iam/serviceLinkedRole:ServiceLinkedRole linked",
  ],
  replaced: [
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider github",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment attached",
  ],
  async tamper({ aws: settings }) {
    const client = new IAMClient(settings);
    const RoleName = ids.get("role");
    const PolicyArn = ids.get("policy");
    const OpenIDConnectProviderArn = ids.get("provider");
    const PolicyDocument = JSON.stringify(trust("ec2.amazonaws.com"));
    await client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    await client.send(
      new TagRoleCommand({ RoleName: ids.get("bounded"), Tags: [{ Key: "by", Value: "hand" }] }),
    );
    await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: ids.get("inline") }));
    await client.send(
      new CreatePolicyVersionCommand({
        PolicyArn,
        PolicyDocument: JSON.stringify(allow("*")),
        SetAsDefault: true,
      }),
    );
    await client.send(new DetachRolePolicyCommand({ RoleName: ids.get("bounded"), PolicyArn }));
    await client.send(
      new RemoveRoleFromInstanceProfileCommand({
        InstanceProfileName: ids.get("profile"),
        RoleName: ids.get("bounded"),
      }),
    );
    await client.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  },
  repaired: [
    "aws:iam/instanceProfile:InstanceProfile profile",
    "aws:iam/policy:Policy reader",
    "aws:iam/role:Role bounded",
    "aws:iam/role:Role trainer",
  ],
  recreated: [
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider github",
    "aws:iam/rolePolicy:RolePolicy inline",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment detached-later",
  ],
  async leftovers({ aws: settings }) {
    const client = new IAMClient(settings);
    const { Roles = [] } = await client.send(new ListRolesCommand({}));
    const { Policies = [] } = await client.send(new ListPoliciesCommand({ Scope: "Local" }));
    const { OpenIDConnectProviderList = [] } = await client.send(new ListOpenIDConnectProvidersCommand({}));
    const ours = [ids.get("role"), ids.get("bounded"), ids.get("policy"), ids.get("provider")];
    return [
      ...Roles.map(({ RoleName }) => RoleName!),
      ...Policies.map(({ Arn }) => Arn!),
      ...OpenIDConnectProviderList.map(({ Arn }) => Arn!),
    ].filter((name) => ours.includes(name));
  },
};

const account = "123456789012";
const keyPolicy = (action: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Admin",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "Logs",
        Effect: "Allow",
        Principal: { Service: "logs.amazonaws.com" },
        Action: [action],
        Resource: "*",
      },
    ],
  });

export const kms: ServiceCase = {
  service: "kms",
  program(changed) {
    const key = new aws.kms.Key("data", {
      description: changed ? "second" : "first",
      enableKeyRotation: true,
      rotationPeriodInDays: changed ? 180 : 90,
      deletionWindowInDays: 7,
      policy: keyPolicy(changed ? "kms:Encrypt" : "kms:Decrypt"),
      tags: { use: changed ? "b" : "a" },
    });
    ids.remember("key", key.keyId);
    const other = new aws.kms.Key("other", { isEnabled: true });
    ids.remember("other", other.keyId);
    const alias = new aws.kms.Alias("alias", { targetKeyId: changed ? other.keyId : key.keyId });
    ids.remember("alias", alias.name);
    new aws.kms.Alias("fixed", { name: changed ? "alias/case-b" : "alias/case-a", targetKeyId: key.arn });
    const grant = new aws.kms.Grant("grant", {
      keyId: key.keyId,
      granteePrincipal: `arn:aws:iam::${account}:role/somebody`,
      operations: changed ? ["Encrypt", "Decrypt"] : ["Decrypt"],
    });
    ids.remember("grant", grant.grantId);
    new aws.kms.KeyPolicy("policy", {
      keyId: other.keyId,
      policy: keyPolicy(changed ? "kms:Encrypt" : "kms:Decrypt"),
    });
  },
  updated: ["aws:kms/alias:Alias alias", "aws:kms/key:Key data", "aws:kms/keyPolicy:KeyPolicy policy"],
  replaced: ["aws:kms/alias:Alias fixed", "aws:kms/grant:Grant grant"],
  async tamper({ aws: settings }) {
    const client = new KMSClient(settings);
    const KeyId = ids.get("key");
    await client.send(new DisableKeyRotationCommand({ KeyId }));
    await client.send(new RevokeGrantCommand({ KeyId, GrantId: ids.get("grant") }));
    const Policy = keyPolicy("kms:*");
    await client.send(new PutKeyPolicyCommand({ KeyId: ids.get("other"), PolicyName: "default", Policy }));
  },
  repaired: ["aws:kms/key:Key data", "aws:kms/keyPolicy:KeyPolicy policy"],
  recreated: ["aws:kms/grant:Grant grant"],
  async leftovers({ aws: settings }) {
    const { Aliases = [] } = await new KMSClient(settings).send(new ListAliasesCommand({}));
    return Aliases.filter(({ AliasName }) =>
      [ids.get("alias"), "alias/case-a", "alias/case-b"].includes(AliasName!),
    );
  },
};
