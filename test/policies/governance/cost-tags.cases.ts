import { type Fixture, one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const tags = { owner: "flights", environment: "prod", "cost-center": "42" };
const queue = (props: Record<string, unknown>, more: Partial<Fixture> = {}) => ({
  ...resource("aws:sqs/queue:Queue", "work", props),
  ...more,
});

export const costTagsCases: PolicyCases = {
  passing: [
    one("has its tags", queue({ tags })),
    one("has a tag that is not known yet", queue({ tags: { ...tags, owner: unknown } })),
    one("has all tags after an update", queue({ tagsAll: tags })),
    one("has other tags where others are asked for", queue({ tags: { team: "a" } }), {
      config: { requiredTags: ["team"] },
    }),
  ],
  failing: [
    { ...one("has no tags", queue({})), violations: [["work", "no tag owner, environment, cost-center"]] },
    {
      ...one("has an empty tag", queue({ tags: { ...tags, owner: "" } })),
      violations: [["work", "no tag owner;"]],
    },
  ],
  unknown: [
    {
      ...one("has tags that are not known", queue({ tags: unknown })),
      undecided: ["tag owner", "tag environment", "tag cost-center"],
    },
  ],
  notApplicable: [one("costs nothing", unrelated)],
};
