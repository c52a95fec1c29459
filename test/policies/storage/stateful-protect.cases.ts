import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const bucket = (props: Record<string, unknown>, protect: boolean) =>
  resource("aws:s3/bucket:Bucket", "raw", props, { protect });
const repository = resource(
  "aws:ecr/repository:Repository",
  "images",
  { forceDelete: true },
  { protect: true },
);

const table = (props: Record<string, unknown>) => resource("aws:dynamodb/table:Table", "items", props);

export const statefulProtectCases: PolicyCases = {
  passing: [
    one("is protected", bucket({}, true)),
    one("is a table whose items expire", table({ ttl: { attributeName: "expiresAt", enabled: true } })),
    one("is in dev", bucket({ forceDestroy: true }, false), { stack: "dev" }),
    one("is configured as dev", bucket({ forceDestroy: true }, false), { config: { environment: "dev" } }),
    one("is in a stack without protection", bucket({}, false), { config: { required: { prod: false } } }),
  ],
  failing: [
    { ...one("is not protected", bucket({}, false)), violations: [["raw", "can be deleted by any update"]] },
    {
      ...one("may be emptied", bucket({ forceDestroy: true }, true)),
      violations: [["raw", "has forceDestroy on"]],
    },
    {
      ...one("is a table whose items stay", table({ ttl: { attributeName: "expiresAt", enabled: false } })),
      violations: [["items", "can be deleted"]],
    },
    { ...one("may lose images", repository), violations: [["images", "has forceDelete on"]] },
    {
      ...one("is in a stack that says nothing", bucket({}, false), { stack: "team-a" }),
      violations: [["raw", "can be deleted"]],
    },
    {
      ...one("is in a staging that asks for it", bucket({}, false), {
        stack: "staging",
        config: { required: { staging: true } },
      }),
      violations: [["raw", "in staging"]],
    },
  ],
  unknown: [
    {
      ...one("has a switch that is not known", bucket({ forceDestroy: unknown }, true)),
      undecided: ["forceDestroy"],
    },
    {
      ...one("is not protected either", bucket({ forceDestroy: unknown }, false)),
      undecided: ["forceDestroy"],
      violations: [["raw", "can be deleted"]],
    },
  ],
  notApplicable: [one("holds no data", unrelated)],
};
