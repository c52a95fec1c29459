import { describeViolations } from "../../../local/commands/violations";

const shared = { pack: "pulumi-mlops", mandatory: false };
const advice = {
  ...shared,
  policy: "image-by-digest",
  resource: "Deployment a",
  message: "name it by digest",
};
const waiting = (policy: string) => ({
  ...shared,
  policy,
  resource: "the stack",
  message: `can't run policy '${policy}' from policy pack 'p@v1' during preview: undecided for "a"`,
});

test("advice stands in lines of its own, undecided checks in one that names each policy once", () => {
  expect(describeViolations([waiting("netpol"), advice, waiting("hpa-ha"), waiting("netpol")])).toEqual([
    "policy image-by-digest advises on Deployment a: name it by digest",
    "3 checks wait for values that are known only after an up, when they run again: hpa-ha, netpol",
  ]);
});

test("nothing is said where there is nothing", () => {
  expect(describeViolations([])).toEqual([]);
});
