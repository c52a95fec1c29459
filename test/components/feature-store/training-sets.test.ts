import { FeatureMaterialization, TrainingSets } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, parsePolicy } from "../../support/pulumi-mocks";
import { featureMaterializationArgs, trainingSetsArgs } from "../feature-samples";

const policyType = "aws:iam/rolePolicy:RolePolicy";

test("training sets read labels, data sets and their versions, and write in their own folder", async () => {
  const deployed = await deployInMocks(() => new TrainingSets("flights", trainingSetsArgs));
  const { Statement } = parsePolicy(deployed.one(policyType).inputs.policy);
  const rights = Object.fromEntries(Statement.map(({ Sid, Action, Resource }) => [Sid, [Action, Resource]]));
  expect(rights).toMatchObject({
    FindFiles: [["s3:ListBucket"], ["arn:aws:s3:::curated"]],
    ReadFiles: [["s3:GetObject"], ["arn:aws:s3:::curated/bookings/*", "arn:aws:s3:::curated/weather/*"]],
    ReadVersions: [
      ["s3:GetObject", "s3:GetObjectVersion"],
      [
        "arn:aws:s3:::curated/manifests/bookings/*",
        "arn:aws:s3:::curated/bookings/*",
        "arn:aws:s3:::curated/manifests/weather/*",
        "arn:aws:s3:::curated/weather/*",
      ],
    ],
    ReadLabels: [
      ["s3:GetObject"],
      ["arn:aws:s3:::features/labels/*", "arn:aws:s3:::features/catalogs/flights-training-sets.json"],
    ],
    WriteTrainingSets: [["s3:PutObject"], ["arn:aws:s3:::features/training-sets/*"]],
  });
  expect(deployed.one("aws:lambda/function:Function").inputs).toMatchObject({
    ephemeralStorage: { size: 10_240 },
    architectures: ["x86_64"],
  });
});

test("a materialization writes its feature group alone", async () => {
  const deployed = await deployInMocks(
    () => new FeatureMaterialization("weather", featureMaterializationArgs),
  );
  const { Statement } = parsePolicy(deployed.one(policyType, "weather-materialization").inputs.policy);
  expect(Statement.find(({ Sid }) => Sid === "WriteFeatures")).toMatchObject({
    Action: ["sagemaker:PutRecord"],
    Resource: [featureMaterializationArgs.featureGroupArn],
  });
  const { environment } = deployed.one("aws:lambda/function:Function").inputs;
  expect(environment.variables).toMatchObject({
    VIEW: "weather",
    STORE: '{"kind":"sagemaker","featureGroupName":"test-weather"}',
    CATALOG_KEY: "catalogs/weather-materialization.json",
  });
});

test("a materialization of a view that does not exist is refused", async () => {
  const faults = await faultsOf(
    () =>
      new FeatureMaterialization("weather", {
        ...featureMaterializationArgs,
        viewName: "habits",
        scheduleExpression: "hourly",
        memoryMegabytes: 64,
      }),
  );
  expect(faults).toMatchObject({
    paths: ["viewName", "memoryMegabytes", "scheduleExpression"],
    registered: 0,
  });
  expect(faults.message).toMatch(/"habits" was given; allowed is a view of the catalog: weather, habits_v2/);
});
