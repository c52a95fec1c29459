import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const document = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const policy = (...statements: object[]) =>
  resource("aws:iam/rolePolicy:RolePolicy", "rights", { policy: document(...statements) });
const allow = (Action: unknown) => ({ Sid: "Work", Effect: "Allow", Action, Resource: "*" });

export const iamNoStarCases: PolicyCases = {
  passing: [
    one("names its actions", policy(allow(["s3:GetObject", "s3:Get*"]))),
    one("denies everything", policy({ Effect: "Deny", Action: "*", Resource: "*" })),
    one("is a role without inline policies", resource("aws:iam/role:Role", "role", {})),
  ],
  failing: [
    {
      ...one("allows everything", policy(allow("*"))),
      violations: [["rights", "allows * in statement Work"]],
    },
    {
      ...one("allows a service", policy(allow(["s3:GetObject", "sqs:*"]))),
      violations: [["rights", "allows sqs:*"]],
    },
    {
      ...one("allows all but a list", policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })),
      violations: [["rights", "everything except a list, in statement number 1"]],
    },
    {
      ...one(
        "is structured",
        resource("aws:iam/policy:Policy", "rights", { policy: { Statement: allow("*") } }),
      ),
      violations: [["rights", "allows *"]],
    },
    {
      ...one(
        "is inline in a role",
        resource("aws:iam/role:Role", "role", {
          inlinePolicies: [{ policy: document(allow("s3:GetObject")) }, { policy: document(allow("s3:*")) }],
        }),
      ),
      violations: [["role", "of inline policy 2"]],
    },
  ],
  unknown: [
    {
      ...one("is not known", resource("aws:iam/policy:Policy", "rights", { policy: unknown })),
      undecided: ["rights"],
    },
    {
      ...one(
        "is not known in one inline policy",
        resource("aws:iam/role:Role", "role", {
          inlinePolicies: [{ policy: unknown }, { policy: document(allow("*")) }],
        }),
      ),
      undecided: ["inline policy 1"],
      violations: [["role", "of inline policy 2"]],
    },
  ],
  notApplicable: [one("is no policy", unrelated)],
};
