import { LineageStore } from "../../../components";
import { settingsSchema } from "../../../lambdas/lineage-recorder/settings";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, parsePolicy } from "../../support/pulumi-mocks";
import { lineageStoreArgs } from "../lake-samples";

const endpoint = {
  endpointUrl: "https://marquez.example.com/api/v1/lineage",
  endpointSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:marquez",
};
const deploy = (changes: object = {}) =>
  deployInMocks(() => new LineageStore("lineage", { ...lineageStoreArgs, ...changes }));

describe("the lineage store", () => {
  test("listens to the library's events, to the given training runs and to the given approvals", async () => {
    const rule = (await deploy()).one("aws:cloudwatch/eventRule:EventRule");
    expect(JSON.parse(rule.inputs.eventPattern as string)).toEqual({
      $or: [
        { source: ["mlops.lineage"], "detail-type": ["OpenLineage RunEvent"] },
        {
          source: ["aws.states"],
          "detail-type": ["Step Functions Execution Status Change"],
          detail: { stateMachineArn: lineageStoreArgs.trainingStateMachineArns },
        },
        {
          source: ["aws.sagemaker"],
          "detail-type": ["SageMaker Model Package State Change"],
          detail: { ModelPackageGroupName: ["test-delays"], ModelApprovalStatus: ["Approved"] },
        },
      ],
    });
  });

  test("listens to the library's events alone where nothing else is given", async () => {
    const changes = { trainingStateMachineArns: [], modelPackageGroupNames: undefined };
    const rule = (await deploy(changes)).one("aws:cloudwatch/eventRule:EventRule");
    expect(JSON.parse(rule.inputs.eventPattern as string)).toEqual({
      source: ["mlops.lineage"],
      "detail-type": ["OpenLineage RunEvent"],
    });
  });

  test("gives the function an environment that it accepts", async () => {
    for (const changes of [{}, endpoint]) {
      const { environment } = (await deploy(changes)).one("aws:lambda/function:Function").inputs;
      const settings = readEnvironment(settingsSchema, environment.variables as Record<string, string>);
      expect(settings).toMatchObject({ LINEAGE_BUCKET: "curated" });
      expect(settings.ENDPOINT_URL).toBe((changes as typeof endpoint).endpointUrl);
    }
  });

  test("may write events and the graph, and read the key of the endpoint alone", async () => {
    const deployed = await deploy(endpoint);
    const { policy } = deployed.one("aws:iam/rolePolicy:RolePolicy").inputs;
    const own = parsePolicy(policy).Statement.filter(({ Action }) =>
      /^(s3|dynamodb|secretsmanager):/.test([Action].flat()[0]!),
    );
    expect(own.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["s3:PutObject"], ["arn:aws:s3:::curated/lineage/*"]],
      [
        ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
        ["arn:aws:dynamodb:eu-west-1:123456789012:lineage-graph"],
      ],
      [["secretsmanager:GetSecretValue"], [endpoint.endpointSecretArn]],
    ]);
  });

  test("makes the events a table with projected partitions, where a database is given", async () => {
    const { inputs } = (await deploy()).one("aws:glue/catalogTable:CatalogTable");
    expect(inputs.parameters).toMatchObject({
      "projection.enabled": "true",
      "storage.location.template": "s3://curated/lineage/year=${year}/month=${month}/day=${day}/",
    });
    expect((await deploy({ databaseName: undefined })).ofType("aws:glue/catalogTable:CatalogTable")).toEqual(
      [],
    );
  });

  test.each([
    [{ endpointSecretArn: endpoint.endpointSecretArn }, ["endpointSecretArn"]],
    [{ endpointUrl: "marquez" }, ["endpointUrl"]],
    [{ ...endpoint, endpointUrl: "http://marquez.example.com" }, ["endpointUrl"]],
    [{ subnetIds: ["subnet-1"] }, ["securityGroupIds"]],
  ])("refuses %j", async (changes, paths) => {
    const faults = await faultsOf(() => new LineageStore("lineage", { ...lineageStoreArgs, ...changes }));
    expect(faults).toMatchObject({ paths, registered: 0 });
  });
});
