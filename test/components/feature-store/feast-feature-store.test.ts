import { FeastFeatureStore } from "../../../components";
import { featuresOfCatalogObject, refuseRemoval } from "../../../components/feature-store/removal-guard";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, parsePolicy, valueOf } from "../../support/pulumi-mocks";
import { feastFeatureStoreArgs, featureCatalog } from "../feature-samples";

const tableType = "aws:dynamodb/table:Table";
const objectType = "aws:s3/bucketObjectv2:BucketObjectv2";
const deploy = (more = {}) =>
  deployInMocks(() => new FeastFeatureStore("shop", { ...feastFeatureStoreArgs, ...more }));

describe("a Feast-compatible store", () => {
  test("has a table for each view, laid out and named as Feast looks for it", async () => {
    const deployed = await deploy();
    expect(deployed.ofType(tableType).map(({ inputs }) => inputs.name as string)).toEqual([
      "test_flights.weather",
      "test_flights.habits_v2",
    ]);
    for (const table of deployed.ofType(tableType)) {
      expect(table).toMatchObject({ protect: true, retainOnDelete: true, deleteBeforeReplace: true });
      expect(table.inputs).toMatchObject({
        hashKey: "entity_id",
        attributes: [{ name: "entity_id", type: "S" }],
        ttl: { attributeName: "expires_at", enabled: true },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: true,
      });
    }
    expect(await valueOf(deployed.result.tableNames)).toEqual({
      weather: "test_flights.weather",
      habits_v2: "test_flights.habits_v2",
    });
    expect(await valueOf(deployed.result.registryUri)).toBe("s3://features/feast/shop/registry.db");
  });

  test("writes the repository from the catalog", async () => {
    const deployed = await deploy();
    const content = (name: string): string => deployed.one(objectType, name).inputs.content as string;
    expect(content("shop-feature_store-yaml")).toMatchInlineSnapshot(`
     "project: "test_flights"
     provider: aws
     registry:
       registry_type: file
       path: "s3://features/feast/shop/registry.db"
       cache_ttl_seconds: 60
     online_store:
       type: dynamodb
       region: "eu-west-1"
     offline_store:
       type: file
     entity_key_serialization_version: 3
     "
    `);
    expect(content("shop-features-py")).toMatchInlineSnapshot(`
     "# Generated from the feature catalog; a change here is lost with the next deployment.
     from datetime import timedelta

     from feast import Entity, FeatureView, Field, FileSource, ValueType
     from feast.data_format import ParquetFormat
     from feast.types import Float64, Int64, String

     entity_airport = Entity(
         name="airport",
         join_keys=["airport"],
         value_type=ValueType.STRING,
         description="An airport",
     )

     entity_booking_passenger_id = Entity(
         name="booking_passenger_id",
         join_keys=["passenger_id"],
         value_type=ValueType.STRING,
         description="",
     )

     entity_booking_flight_number = Entity(
         name="booking_flight_number",
         join_keys=["flight_number"],
         value_type=ValueType.INT64,
         description="",
     )

     source_weather = FileSource(
         name="weather_source",
         path="s3://curated/weather/",
         file_format=ParquetFormat(),
         timestamp_field="measured_at",
         created_timestamp_column="written_at",
     )

     view_weather = FeatureView(
         name="weather",
         entities=[entity_airport],
         ttl=timedelta(seconds=0),
         schema=[
             Field(name="airport", dtype=String),
             Field(name="wind_speed", dtype=Float64, description="Miles an hour"),
             Field(name="pressure", dtype=Float64, description=""),
             Field(name="sky", dtype=String, description=""),
         ],
         online=True,
         source=source_weather,
         tags={"version": "1"},
     )

     source_habits_v2 = FileSource(
         name="habits_v2_source",
         path="s3://curated/bookings/",
         file_format=ParquetFormat(),
         timestamp_field="booked_at",
     )

     view_habits_v2 = FeatureView(
         name="habits_v2",
         entities=[entity_booking_passenger_id, entity_booking_flight_number],
         ttl=timedelta(seconds=2592000),
         schema=[
             Field(name="passenger_id", dtype=String),
             Field(name="flight_number", dtype=Int64),
             Field(name="seat", dtype=String, description="", tags={"personal": "true"}),
             Field(name="bags", dtype=Int64, description=""),
         ],
         online=True,
         source=source_habits_v2,
         tags={"version": "2"},
     )
     "
    `);
  });

  test("lets each function write its own table and read its own data set, and no more", async () => {
    const deployed = await deploy();
    const { Statement } = parsePolicy(
      deployed.one("aws:iam/rolePolicy:RolePolicy", "shop-weather-materialization").inputs.policy,
    );
    const rights = Object.fromEntries(
      Statement.map(({ Sid, Action, Resource }) => [Sid, [Action, Resource]]),
    );
    expect(rights).toMatchObject({
      FindFiles: [["s3:ListBucket"], ["arn:aws:s3:::curated"]],
      ReadFiles: [["s3:GetObject"], ["arn:aws:s3:::curated/weather/*"]],
      ReadCatalog: [["s3:GetObject"], ["arn:aws:s3:::features/catalogs/shop-feast.json"]],
      Progress: [
        ["s3:GetObject", "s3:PutObject"],
        ["arn:aws:s3:::features/materialization/shop-weather-materialization.json"],
      ],
      WriteFeatures: [["dynamodb:PutItem"], ["arn:aws:dynamodb:eu-west-1:123456789012:shop-weather"]],
    });
    expect(Statement.find(({ Sid }) => Sid === "FindFiles")?.Condition).toEqual({
      StringLike: { "s3:prefix": ["weather/*"] },
    });
  });

  test("tells when features are late, and when nothing runs", async () => {
    const deployed = await deploy({ maximumLagSeconds: 600, alarmTopicArn: "arn:aws:sns:eu-west-1:1:topic" });
    const alarm = (name: string) => deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm", name).inputs;
    const dimensions = { Store: "test_flights", View: "weather" };
    expect(alarm("shop-weather-materialization-lag")).toMatchObject({
      dimensions,
      threshold: 600,
      treatMissingData: "notBreaching",
      alarmActions: ["arn:aws:sns:eu-west-1:1:topic"],
    });
    expect(alarm("shop-weather-materialization-heartbeat")).toMatchObject({
      dimensions,
      statistic: "SampleCount",
      treatMissingData: "breaching",
      evaluationPeriods: 3,
    });
  });

  test("says everything that is wrong", async () => {
    const [weather, habits] = featureCatalog.views;
    const catalog = {
      ...featureCatalog,
      views: [
        { ...weather!, entity: "airfield" },
        { ...habits!, ttlSeconds: undefined },
      ],
    };
    const faults = await faultsOf(
      () =>
        new FeastFeatureStore("shop", {
          ...feastFeatureStoreArgs,
          catalog,
          projectName: "My shop",
          expectedEverySeconds: 90,
        }),
    );
    expect(faults).toMatchObject({
      paths: [
        "catalog.views[0].entity",
        "catalog.views[1].ttlSeconds",
        "projectName",
        "expectedEverySeconds",
      ],
      registered: 0,
    });
    expect(faults.message).toMatch(
      /allowed is an entity of the catalog: airport, booking.*seat hold personal data/s,
    );
  });
});

describe("a change of the catalog", () => {
  const [weather, habits] = featureCatalog.views;
  const change = (views: typeof featureCatalog.views) => () =>
    refuseRemoval(
      { content: JSON.stringify(featureCatalog) },
      { content: JSON.stringify({ ...featureCatalog, views }) },
      featuresOfCatalogObject,
    );

  test("may add features, retire them, and make new versions", () => {
    const added = {
      ...weather!,
      features: [...weather!.features, { name: "rain", type: "Fractional" as never }],
    };
    const retired = {
      ...habits!,
      features: habits!.features.map((feature) => ({ ...feature, deprecated: true })),
    };
    expect(change([added, retired, { ...weather!, version: 3, features: [] }])).not.toThrow();
  });

  test("may not take one away or give it another type", () => {
    const less = { ...weather!, features: weather!.features.slice(1) };
    const retyped = {
      ...habits!,
      features: habits!.features.map((feature) => ({ ...feature, type: "Fractional" as never })),
    };
    expect(change([less, retyped])).toThrow(
      /^weather: The feature wind_speed was taken away.*habits_v2: The feature seat changed its type from String to Fractional/s,
    );
  });

  test("is not judged while it is not known", () => {
    expect(() => refuseRemoval({ content: "{}" }, { content: undefined }, () => undefined)).not.toThrow();
  });
});
