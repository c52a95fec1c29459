import {
  fromPermissions,
  type InlineRule,
  observedRules,
  toPermission,
} from "../../../../../local/provider/aws/services/ec2/permissions";

const group = "sg-own";
const https: InlineRule = {
  protocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrBlocks: ["10.0.0.0/8", "10.1.0.0/16"],
};
const own: InlineRule = { protocol: "TCP", fromPort: 8080, toPort: 8080, self: true, description: "peers" };
const everything: InlineRule = { protocol: "all", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };

describe("observedRules", () => {
  it("answers the given rules where EC2 holds the same in other groups and another order", () => {
    const live = [
      toPermission({ ...everything, protocol: "-1" }, group),
      toPermission({ ...https, cidrBlocks: ["10.1.0.0/16"] }, group),
      toPermission(own, group),
      toPermission({ ...https, cidrBlocks: ["10.0.0.0/8"] }, group),
    ];
    const given = [https, own, everything];
    expect(observedRules(given, live, group)).toBe(given);
  });

  it.each<[string, InlineRule[]]>([
    ["a rule more", [https, own, { ...https, fromPort: 22, toPort: 22 }]],
    ["a rule less", [https]],
    ["another description", [https, { ...own, description: "others" }]],
  ])("answers EC2's own rules where there is %s", (_what, rules) => {
    const live = rules.map((rule) => toPermission(rule, group));
    expect(observedRules([https, own], live, group)).toEqual(fromPermissions(live, group));
  });
});
