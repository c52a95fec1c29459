import { type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const lambda = (props: Record<string, unknown>) =>
  resource("aws:lambda/function:Function", "validator", { name: "validator-1", ...props });
const group = (name: string, computedFrom: Record<string, string[]> = {}) =>
  resource("aws:cloudwatch/logGroup:LogGroup", "logs", { name }, { computedFrom });

export const lambdaLogGroupCases: PolicyCases = {
  passing: [
    { it: "names its group", resources: [lambda({ loggingConfig: { logGroup: "validator-logs" } })] },
    { it: "has the default group in the stack", resources: [lambda({}), group("/aws/lambda/validator-1")] },
    {
      it: "takes its group from the stack before its name is known",
      resources: [
        group("logs-1"),
        { ...lambda({ loggingConfig: { logGroup: unknown } }), computedFrom: { loggingConfig: ["logs"] } },
      ],
    },
    {
      it: "has the default group before its name is known",
      resources: [lambda({ name: unknown }), group(unknown, { name: ["validator"] })],
    },
  ],
  failing: [
    { it: "has no group", resources: [lambda({})], violations: [["validator", "keeps forever"]] },
    {
      it: "has the group of another function",
      resources: [lambda({}), group("/aws/lambda/other")],
      violations: [["validator", "keeps forever"]],
    },
    {
      it: "was given the default group by AWS",
      resources: [lambda({ loggingConfig: { logGroup: "/aws/lambda/validator-1" } })],
      violations: [["validator", "keeps forever"]],
    },
  ],
  unknown: [
    {
      it: "names a group that is not known",
      resources: [lambda({ loggingConfig: { logGroup: unknown } })],
      undecided: ["validator"],
    },
  ],
  notApplicable: [{ it: "has no function", resources: [unrelated] }],
};
