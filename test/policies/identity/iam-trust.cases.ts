import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const role = (...statements: object[]) =>
  resource("aws:iam/role:Role", "role", { assumeRolePolicy: JSON.stringify({ Statement: statements }) });
const trust = (Service: string, Condition?: object) => ({
  Effect: "Allow",
  Principal: { Service },
  Action: "sts:AssumeRole",
  Condition,
});
const federated = (Condition?: object) => ({
  Effect: "Allow",
  Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition,
});
const subject = (value: string) => ({ StringLike: { "token.actions.githubusercontent.com:sub": value } });
const ownAccount = { StringEquals: { "aws:SourceAccount": "123456789012" } };

export const iamTrustCases: PolicyCases = {
  passing: [
    one("acts for this account", role(trust("lambda.amazonaws.com", ownAccount))),
    one(
      "acts for one source",
      role(trust("lambda.amazonaws.com", { ArnLike: { "AWS:SourceArn": "arn:aws:lambda:::x" } })),
    ),
    one("is for instances, which send no account", role(trust("ec2.amazonaws.com"))),
    one("pins the repository", role(federated(subject("repo:acme/platform:ref:refs/heads/main")))),
    one(
      "trusts one account",
      role({ Effect: "Allow", Principal: { AWS: "123456789012" }, Action: "sts:AssumeRole" }),
    ),
    one("denies everybody", role({ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" })),
  ],
  failing: [
    {
      ...one("acts for any account", role(trust("lambda.amazonaws.com"))),
      violations: [["role", "trusts lambda.amazonaws.com on behalf of any account"]],
    },
    {
      ...one(
        "excludes an account",
        role(trust("lambda.amazonaws.com", { StringNotEquals: { "aws:SourceAccount": "1" } })),
      ),
      violations: [["role", "on behalf of any account"]],
    },
    {
      ...one(
        "trusts everybody",
        role({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
      ),
      violations: [["role", "trusts everybody in statement number 1"]],
    },
    { ...one("pins no repository", role(federated())), violations: [["role", "every identity"]] },
    {
      ...one("pins a wildcard", role(federated(subject("repo:*")))),
      violations: [["role", "every identity"]],
    },
    {
      ...one("is for a service that the config does not exempt", role(trust("ec2.amazonaws.com")), {
        config: { servicesWithoutSource: [] },
      }),
      violations: [["role", "trusts ec2.amazonaws.com"]],
    },
  ],
  unknown: [
    {
      ...one("is not known", resource("aws:iam/role:Role", "role", { assumeRolePolicy: unknown })),
      undecided: ["role"],
    },
  ],
  notApplicable: [one("is no role", unrelated)],
};
