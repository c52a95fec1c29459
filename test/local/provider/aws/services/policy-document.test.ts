import { policyDocument } from "../../../../../local/provider/aws/services/iam/policy-document";

describe("policyDocument", () => {
  it("writes statements as AWS does: one value alone, several as a sorted list", () => {
    const document = policyDocument({
      statements: [
        {
          sid: "Read",
          actions: ["s3:ListBucket", "s3:GetObject"],
          resources: ["*"],
          principals: [
            { type: "Service", identifiers: ["b.amazonaws.com"] },
            { type: "Service", identifiers: ["a.amazonaws.com"] },
          ],
          conditions: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] },
            { test: "StringEquals", variable: "aws:PrincipalOrgID", values: ["o-2", "o-1"] },
          ],
        },
      ],
    });
    expect(JSON.parse(JSON.stringify(document))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:ListBucket"],
          Resource: "*",
          Principal: { Service: ["a.amazonaws.com", "b.amazonaws.com"] },
          Condition: {
            StringEquals: { "aws:SourceAccount": "1", "aws:PrincipalOrgID": ["o-1", "o-2"] },
          },
        },
      ],
    });
  });

  it("writes everybody as a star", () => {
    const [statement] = policyDocument({
      statements: [{ principals: [{ type: "*", identifiers: ["*"] }] }],
    }).Statement;
    expect(statement?.Principal).toBe("*");
  });

  it("joins sources, own statements and overrides; a later statement with the same Sid wins", () => {
    const source = JSON.stringify({ Statement: [{ Sid: "A", Effect: "Allow" }, { Effect: "Allow" }] });
    const override = JSON.stringify({ Statement: { Sid: "B", Effect: "Deny" } });
    const { Statement } = policyDocument({
      sourcePolicyDocuments: [source],
      statements: [{ sid: "A", effect: "Deny" }, { sid: "B" }],
      overridePolicyDocuments: [override],
    });
    expect(Statement.map(({ Sid, Effect }) => [Sid, Effect])).toEqual([
      ["A", "Deny"],
      [undefined, "Allow"],
      ["B", "Deny"],
    ]);
  });
});
