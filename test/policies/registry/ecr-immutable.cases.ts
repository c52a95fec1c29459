import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const repository = (props: Record<string, unknown>) =>
  resource("aws:ecr/repository:Repository", "images", props);

export const ecrImmutableCases: PolicyCases = {
  passing: [one("is immutable", repository({ imageTagMutability: "IMMUTABLE" }))],
  failing: [
    { ...one("is left at the default", repository({})), violations: [["images", "has MUTABLE tags"]] },
    {
      ...one("is mutable", repository({ imageTagMutability: "MUTABLE" })),
      violations: [["images", "has MUTABLE tags"]],
    },
  ],
  unknown: [{ ...one("is not known", repository({ imageTagMutability: unknown })), undecided: ["images"] }],
  notApplicable: [one("is no repository", unrelated)],
};
