import { DatasetVersions } from "../../../components";
import { settingsSchema } from "../../../lambdas/dataset-publisher/settings";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, parsePolicy } from "../../support/pulumi-mocks";
import { datasetVersionsArgs } from "../lake-samples";

const deploy = (changes: object = {}) =>
  deployInMocks(() => new DatasetVersions("flights", { ...datasetVersionsArgs, ...changes }));

describe("the dataset versions", () => {
  test("give the function an environment that it accepts, and the columns as an object", async () => {
    const deployed = await deploy();
    const { environment } = deployed.one("aws:lambda/function:Function").inputs;
    const settings = readEnvironment(settingsSchema, environment.variables as Record<string, string>);
    expect(settings).toEqual({
      DATASET: "flights",
      CURATED_BUCKET: "curated",
      SCHEMA_KEY: "manifests/flights/schema.json",
    });
    const { key, content } = deployed.one("aws:s3/bucketObjectv2:BucketObjectv2").inputs;
    expect(key).toBe(settings.SCHEMA_KEY);
    expect(JSON.parse(content as string)).toEqual([{ name: "id", type: "string" }]);
  });

  test("may read the data set and write its manifests, and nothing else", async () => {
    const { policy } = (await deploy()).one("aws:iam/rolePolicy:RolePolicy").inputs;
    const own = parsePolicy(policy).Statement.filter(({ Action }) =>
      /^(s3|events):/.test([Action].flat()[0]!),
    );
    expect(own.map(({ Action, Resource, Condition }) => [Action, Resource, Condition])).toEqual([
      [["s3:ListBucket"], ["arn:aws:s3:::curated"], { StringLike: { "s3:prefix": ["flights/*"] } }],
      [
        ["s3:GetObject"],
        ["arn:aws:s3:::curated/flights/*", "arn:aws:s3:::curated/manifests/flights/*"],
        undefined,
      ],
      [["s3:PutObject"], ["arn:aws:s3:::curated/manifests/flights/*"], undefined],
      [["events:PutEvents"], ["arn:aws:events:eu-west-1:123456789012:event-bus/default"], undefined],
    ]);
  });

  test("are published on a schedule where one is given", async () => {
    expect((await deploy()).ofType("aws:scheduler/schedule:Schedule")).toEqual([]);
    const schedule = (await deploy({ schedule: "rate(1 day)" })).one("aws:scheduler/schedule:Schedule");
    expect(schedule.inputs.scheduleExpression).toBe("rate(1 day)");
  });

  test("refuse a wrong contract and a wrong schedule", async () => {
    const wrong = { contract: "x", schedule: "daily" };
    const faults = await faultsOf(() => new DatasetVersions("flights", { ...datasetVersionsArgs, ...wrong }));
    expect(faults).toMatchObject({ paths: ["contract", "schedule"], registered: 0 });
  });
});
