import { FeatureCatalog, FeatureType, JoinKeyType } from "../../components/contracts/feature-definition";

/** A catalog with two views: one plain, one of an entity with two join keys, with personal data and a retired feature. */
export const featureCatalog: FeatureCatalog = {
  project: "flights",
  entities: [
    { name: "airport", joinKeys: [{ name: "airport", type: JoinKeyType.String }], description: "An airport" },
    {
      name: "booking",
      joinKeys: [
        { name: "passenger_id", type: JoinKeyType.String },
        { name: "flight_number", type: JoinKeyType.Integral },
      ],
    },
  ],
  views: [
    {
      name: "weather",
      entity: "airport",
      dataset: "weather",
      features: [
        { name: "wind_speed", type: FeatureType.Fractional, description: "Miles an hour" },
        { name: "pressure", type: FeatureType.Fractional },
        { name: "sky", type: FeatureType.String },
      ],
      eventTime: "measured_at",
      createdTime: "written_at",
    },
    {
      name: "habits",
      version: 2,
      entity: "booking",
      dataset: "bookings",
      features: [
        { name: "seat", type: FeatureType.String, personal: true },
        { name: "bags", type: FeatureType.Integral },
        { name: "class", type: FeatureType.String, deprecated: true },
      ],
      eventTime: "booked_at",
      ttlSeconds: 2_592_000,
    },
  ],
};

const zones = {
  featuresBucketName: "features",
  featuresBucketArn: "arn:aws:s3:::features",
  curatedBucketName: "curated",
  curatedBucketArn: "arn:aws:s3:::curated",
};

/** The fewest arguments of `FeastFeatureStore`. */
export const feastFeatureStoreArgs = { catalog: featureCatalog, ...zones };

/** The fewest arguments of `TrainingSets`. */
export const trainingSetsArgs = { catalog: featureCatalog, ...zones };

/** The fewest arguments of `FeatureMaterialization`. */
export const featureMaterializationArgs = {
  catalog: featureCatalog,
  viewName: "weather",
  featureGroupName: "test-weather",
  featureGroupArn: "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/test-weather",
  ...zones,
};
