import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const group = (retentionInDays?: unknown) =>
  resource("aws:cloudwatch/logGroup:LogGroup", "logs", { retentionInDays });

export const logRetentionCases: PolicyCases = {
  passing: [
    one("keeps a month in prod", group(30)),
    one("keeps a day in dev", group(1), { stack: "dev" }),
    one("keeps a week where that is enough", group(7), { config: { minimumDays: { prod: 7 } } }),
  ],
  failing: [
    { ...one("says nothing", group()), violations: [["logs", "forever"]] },
    { ...one("keeps everything", group(0)), violations: [["logs", "forever"]] },
    { ...one("keeps a day in prod", group(1)), violations: [["logs", "for 1 days"]] },
    {
      ...one("keeps ten years in dev", group(3653), { stack: "dev" }),
      violations: [["logs", "1 to 365 days"]],
    },
  ],
  unknown: [{ ...one("is not known", group(unknown)), undecided: ["logs"] }],
  notApplicable: [one("is no log group", unrelated)],
};
