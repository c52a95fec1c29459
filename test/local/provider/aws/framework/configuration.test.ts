import {
  checkAccount,
  checkConfiguration,
  parseConfiguration,
} from "../../../../../local/provider/aws/framework/configuration";

describe("parseConfiguration", () => {
  it("reads settings as values and as JSON text", () => {
    const expected = {
      region: "eu-west-1",
      defaultTags: { owner: "platform" },
      allowedAccountIds: ["1"],
      forbiddenAccountIds: [],
    };
    const defaultTags = { tags: { owner: "platform" } };
    expect(parseConfiguration({ region: "eu-west-1", defaultTags, allowedAccountIds: ["1"] }, {})).toEqual(
      expected,
    );
    expect(
      parseConfiguration(
        {
          region: "eu-west-1",
          defaultTags: JSON.stringify(defaultTags),
          allowedAccountIds: '["1"]',
          endpoints: "[]",
        },
        {},
      ),
    ).toEqual(expected);
  });

  it("takes the region of the environment, then us-east-1", () => {
    expect(parseConfiguration({}, { AWS_REGION: "eu-central-1" }).region).toBe("eu-central-1");
    expect(parseConfiguration({}, {}).region).toBe("us-east-1");
  });
});

describe("checkConfiguration", () => {
  it.each(["us-east-1", "eu-central-2", "us-gov-west-1", "ap-southeast-3"])("takes region %s", (region) =>
    expect(checkConfiguration({ region })).toEqual([]),
  );

  it("refuses what is no region, and two lists of accounts", () => {
    expect(checkConfiguration({ region: "Europe" })).toEqual([
      { property: "region", reason: '"Europe" is no AWS region; a region looks like us-east-1' },
    ]);
    const both = checkConfiguration({ allowedAccountIds: ["1"], forbiddenAccountIds: ["2"] });
    expect(both.map(({ property }) => property)).toEqual(["forbiddenAccountIds"]);
  });
});

describe("checkAccount", () => {
  const configuration = {
    region: "us-east-1",
    defaultTags: {},
    allowedAccountIds: [],
    forbiddenAccountIds: [],
  };

  it("takes an allowed account and refuses others with both numbers", () => {
    expect(() => checkAccount({ ...configuration, allowedAccountIds: ["1"] }, "1")).not.toThrow();
    expect(() => checkAccount({ ...configuration, allowedAccountIds: ["1", "2"] }, "3")).toThrow(
      "the credentials belong to account 3, and allowedAccountIds allows only 1, 2",
    );
    expect(() => checkAccount({ ...configuration, forbiddenAccountIds: ["3"] }, "3")).toThrow("forbids");
  });
});
