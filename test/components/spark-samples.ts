import { BatchFeatureView, FeatureAggregate, FeatureFrequency } from "../../components";

export const carrierView: BatchFeatureView = {
  name: "carriers",
  dataset: "flights",
  entity: ["carrier"],
  eventTimeColumn: "departed_at",
  frequency: FeatureFrequency.Hourly,
  features: [
    { name: "flights_24h", aggregate: FeatureAggregate.Count, windowHours: 24 },
    {
      name: "delay_mean_24h",
      aggregate: FeatureAggregate.Mean,
      windowHours: 24,
      column: "departure_delay_minutes",
    },
  ],
};

export const batchFeaturesArgs = {
  views: [carrierView],
  curatedBucketName: "curated",
  curatedBucketArn: "arn:aws:s3:::curated",
  featuresBucketName: "features",
  featuresBucketArn: "arn:aws:s3:::features",
};
