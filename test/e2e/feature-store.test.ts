/**
 * Feature stores on the sandbox: the real engine, real Lambdas, the real Feast, and training sets that see no future.
 * @jest-environment ./test/support/engine-environment.js
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { GetRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import * as aws from "@pulumi/aws";

import {
  FeastFeatureStore,
  FeatureCatalog,
  FeatureMaterialization,
  FeatureStore,
  featureStoreArgsOf,
  FeatureType,
  JoinKeyType,
  TrainingSets,
  ViewFeature,
} from "../../components";
import { buildLambdas } from "../../lambdas/build";
import { entityId } from "../../lambdas/feature-materializer/feast-encoding";
import { EngineStack, touched } from "./aws-provider/harness";
import { Surroundings } from "./aws-provider/surroundings";
import { FeastAnswer, readWithFeast } from "./feature-store/read-with-feast";
import { percentiles, timed, World } from "./feature-store/world";

jest.setTimeout(10 * 60_000);

const airport = { name: "airport", type: JoinKeyType.String };
const features: ViewFeature[] = [
  { name: "wind_speed", type: FeatureType.Fractional },
  { name: "flights", type: FeatureType.Integral },
  { name: "sky", type: FeatureType.String },
];
const catalogOf = (weather: ViewFeature[]): FeatureCatalog => ({
  project: "flights",
  entities: [{ name: "airport", joinKeys: [airport] }],
  views: [
    {
      name: "weather",
      entity: "airport",
      dataset: "weather",
      features: weather,
      eventTime: "measured_at",
      ttlSeconds: 315_360_000,
    },
  ],
});

/** Everything that this test deploys; the feature group may have other features than the catalog. */
const programOf =
  (weather: ViewFeature[], ofGroup = weather) =>
  async (): Promise<void> => {
    const catalog = catalogOf(weather);
    const curated = new aws.s3.Bucket("curated", { bucket: "features-e2e-curated", forceDestroy: true });
    const zone = new aws.s3.Bucket("features", { bucket: "features-e2e-features", forceDestroy: true });
    const places = {
      catalog,
      curatedBucketName: curated.bucket,
      curatedBucketArn: curated.arn,
      featuresBucketName: zone.bucket,
      featuresBucketArn: zone.arn,
    };
    new FeastFeatureStore("flights", { ...places, projectName: "shop", forceDestroy: true });
    new TrainingSets("flights", { ...places, temporaryMegabytes: 512, memoryMegabytes: 1024 });
    const group = new FeatureStore("weather", {
      ...featureStoreArgsOf(catalogOf(ofGroup), "weather"),
      featureGroupName: "e2e-weather",
      offlineBucketName: zone.bucket,
      offlineBucketArn: zone.arn,
      forceDestroy: true,
    });
    new FeatureMaterialization("weather", {
      ...places,
      viewName: "weather",
      featureGroupName: group.featureGroupName,
      featureGroupArn: group.featureGroupArn,
    });
  };

const curatedBucket = "features-e2e-curated";
const featuresBucket = "features-e2e-features";
const feastFunction = "flights-weather-materialization";

let surroundings: Surroundings;
let stack: EngineStack;
let world: World;
let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "feature-store-"));
  buildLambdas(path.join(__dirname, "../../lambdas/dist"), [
    "feature-group-updater",
    "feature-materializer",
    "training-set-builder",
  ]);
  surroundings = await Surroundings.start();
  stack = surroundings.stack();
  world = new World(stack, surroundings.endpoints, folder);
  await stack.up(programOf(features));
});

afterAll(async () => {
  await surroundings?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Puts rows into the curated zone: airport, hour of 2013-01-01, wind speed, flights, sky. */
async function deliver(key: string, rows: [string, number, number | null, number, string][]): Promise<void> {
  const values = rows.map(
    ([code, hour, wind, flights, sky]) =>
      `('${code}', TIMESTAMP '2026-01-01 00:00:00' + INTERVAL ${hour} HOUR, ${wind ?? "NULL"}::DOUBLE, ${flights}::BIGINT, '${sky}')`,
  );
  const sql = `SELECT * FROM (VALUES ${values.join(", ")}) t(airport, measured_at, wind_speed, flights, sky)`;
  await world.put(curatedBucket, `weather/${key}.parquet`, await world.parquet(sql));
}

interface Report {
  rows: number;
  entities: number;
  written: number;
  older: number;
  files: number;
}

/** Asks the real Feast for the weather of airports. */
const askFeast = (airports: string[], reads = 0): Promise<FeastAnswer> =>
  readWithFeast(world, featuresBucket, "feast/flights", {
    features: features.map(({ name }) => `weather:${name}`),
    entities: airports.map((code) => ({ airport: code })),
    reads,
  });

describe("online features", () => {
  test("come from the curated files: the newest of each entity, whatever comes late or twice", async () => {
    await deliver("a", [
      ["JFK", 1, 10.5, 3, "clear"],
      ["JFK", 2, 12.5, 4, "rain"],
      ["LGA", 2, null, 9_007_199_254_740_992, "Größe Ω"],
    ]);
    expect(await world.call<Report>(feastFunction)).toMatchObject({
      files: 1,
      rows: 3,
      entities: 2,
      written: 2,
    });
    expect(await world.call<Report>(feastFunction)).toMatchObject({ files: 0, written: 0 });
    await deliver("late", [["JFK", 0, 99, 99, "late"]]);
    expect(await world.call<Report>(feastFunction)).toMatchObject({ files: 1, written: 0, older: 1 });
    await deliver("new", [["EWR", 3, 1, 1, "snow"]]);
    expect(await world.call<Report>(feastFunction)).toMatchObject({ files: 1, written: 1, older: 0 });
  });

  test("are read by the real Feast from the generated repository", async () => {
    const { values, milliseconds, views } = await askFeast(["JFK", "LGA", "EWR", "XXX"], 100);
    expect(views).toEqual(["weather"]);
    expect(values).toEqual({
      airport: ["JFK", "LGA", "EWR", "XXX"],
      wind_speed: [12.5, null, 1, null],
      flights: [4, 9_007_199_254_740_992, 1, null],
      sky: ["rain", "Größe Ω", "snow", null],
    });
    process.stdout.write(
      `Feast get_online_features, one entity, on the sandbox: ${percentiles(milliseconds)}\n`,
    );
  });

  test("are read in milliseconds", async () => {
    const key = { entity_id: { S: entityId([airport], { airport: "JFK" }) } };
    const read = () => world.dynamo.send(new GetItemCommand({ TableName: "shop.weather", Key: key }));
    expect((await read()).Item?.event_ts?.S).toBe("2026-01-01 02:00:00+00:00");
    await timed(30, read);
    process.stdout.write(
      `DynamoDB GetItem, one entity, on the sandbox: ${percentiles(await timed(300, read))}\n`,
    );
  });
});

describe("a feature group", () => {
  const groupFeatures = async (): Promise<(string | undefined)[]> => {
    const { FeatureDefinitions = [] } = await world.sageMaker.send(
      new DescribeFeatureGroupCommand({ FeatureGroupName: "e2e-weather" }),
    );
    return FeatureDefinitions.map(({ FeatureName }) => FeatureName);
  };
  const more: ViewFeature[] = [...features, { name: "pressure", type: FeatureType.Fractional }];

  test("gets the same rows", async () => {
    const report = await world.call<Report>("weather-materialization");
    expect(report).toMatchObject({ rows: 5, entities: 3, written: 3 });
    const read = () =>
      world.records.send(
        new GetRecordCommand({ FeatureGroupName: "e2e-weather", RecordIdentifierValueAsString: "JFK" }),
      );
    const { Record = [] } = await read();
    expect(
      Object.fromEntries(Record.map(({ FeatureName, ValueAsString }) => [FeatureName, ValueAsString])),
    ).toEqual({
      airport: "JFK",
      measured_at: "2026-01-01T02:00:00.000Z",
      wind_speed: "12.5",
      flights: "4",
      sky: "rain",
    });
    await timed(30, read);
    process.stdout.write(
      `SageMaker GetRecord, one entity, on the sandbox: ${percentiles(await timed(300, read))}\n`,
    );
  });

  test("gets a new feature and is not replaced", async () => {
    const operations = await stack.up(programOf(more));
    expect(touched(operations, "replace", "delete", "create")).toEqual([]);
    expect(touched(operations, "update")).toContain("aws:lambda/invocation:Invocation weather-features");
    expect(await groupFeatures()).toEqual([
      "airport",
      "measured_at",
      "wind_speed",
      "flights",
      "sky",
      "pressure",
    ]);
    expect(touched(await stack.up(programOf(more)), "update", "replace")).toEqual([]);
  });

  test("refuses to lose a feature before anything is changed, and tells the way out", async () => {
    const less = more.filter(({ name }) => name !== "sky");
    const sentence = (of: string): RegExp =>
      new RegExp(`${of}: The feature sky was taken away.*Keep it in the list with .{1,2}deprecated: true`);
    await expect(stack.preview(programOf(less))).rejects.toThrow(sentence("weather"));
    await expect(stack.preview(programOf(more, less))).rejects.toThrow(sentence("e2e-weather"));
    const retyped = more.map((feature) =>
      feature.name === "sky" ? { ...feature, type: FeatureType.Integral } : feature,
    );
    await expect(stack.preview(programOf(retyped))).rejects.toThrow(
      /sky changed its type from String to Integral/,
    );
    await expect(stack.up(programOf(less))).rejects.toThrow(sentence("weather"));
    expect(await groupFeatures()).toContain("sky");
    expect((await askFeast(["JFK"])).values.sky).toEqual(["rain"]);
    const retired = more.map((feature) =>
      feature.name === "sky" ? { ...feature, deprecated: true } : feature,
    );
    expect(touched(await stack.up(programOf(retired)), "replace", "delete")).toEqual([]);
    expect(await groupFeatures()).toContain("sky");
  });
});

describe("a training set", () => {
  const labels = [
    "airport,departs_at,late",
    "JFK,2026-01-01T01:30:00Z,1",
    "JFK,2026-01-01T01:59:59Z,0",
    "JFK,2026-01-01T04:00:00+02:00,1",
    "EWR,2026-01-01T02:00:00Z,0",
  ].join("\n");
  const request = {
    labelsUri: `s3://${featuresBucket}/labels/late.csv`,
    labelTime: "departs_at",
    views: ["weather"],
  };

  test("holds what was known at each label's time, names its inputs, and is the same twice", async () => {
    await world.put(featuresBucket, "labels/late.csv", labels);
    const answer = await world.call<{ id: string; uri: string; manifestUri: string; rows: number }>(
      "flights-training-sets",
      request,
    );
    expect(answer.rows).toBe(4);
    const rows = await world.rows(await world.get(featuresBucket, `training-sets/${answer.id}/data.parquet`));
    expect(rows.map(({ weather__wind_speed: wind }) => wind)).toEqual([10.5, 10.5, 12.5, null]);
    const manifest = JSON.parse(
      (await world.get(featuresBucket, `training-sets/${answer.id}/manifest.json`)).toString(),
    ) as { views: { files: { key: string }[] }[]; coverage: Record<string, number> };
    expect(manifest.views[0]?.files.map(({ key }) => key)).toEqual([
      "weather/a.parquet",
      "weather/late.parquet",
      "weather/new.parquet",
    ]);
    expect(manifest.coverage.weather__wind_speed).toBe(0.75);
    expect(await world.call("flights-training-sets", request)).toEqual(answer);
  });

  const wrong: [string, object, RegExp][] = [
    ["an unknown view", { views: ["climate"] }, /The catalog has no view climate; it has weather/],
    [
      "labels without a key",
      { labelTime: "left_at" },
      /The labels lack the columns left_at; they have airport, departs_at, late/,
    ],
    [
      "another format",
      { labelsUri: "s3://x/labels.json" },
      /an S3 URI that ends with .csv or .parquet is needed/,
    ],
  ];
  test.each(wrong)("says what is wrong with %s", async (_case, change, sentence) => {
    await expect(world.call("flights-training-sets", { ...request, ...change })).rejects.toThrow(sentence);
  });
});
