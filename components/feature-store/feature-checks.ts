import type * as pulumi from "@pulumi/pulumi";

import { ArgumentChecker } from "../shared/validation";

/** What the checks read of the arguments of a feature store. */
export interface CheckedFeatures {
  features: { name: pulumi.Input<string>; type: pulumi.Input<string>; personal?: boolean }[];
  recordIdentifierName: pulumi.Input<string>;
  eventTimeName: pulumi.Input<string>;
  featureGroupName?: string;
  onlineStoreEnabled?: boolean;
  onlineRecordExpirationDays?: pulumi.Input<number>;
}

const featureNamePattern = /^[A-Za-z0-9]([_-]*[A-Za-z0-9]){0,63}$/;
const featureGroupNamePattern = /^[A-Za-z0-9]([_-]*[A-Za-z0-9]){0,63}$/;
/** Columns that SageMaker itself adds to the offline store. */
const reservedNames = ["is_deleted", "write_time", "api_invocation_time"];
const mostFeatures = 2500;

/** @throws pulumi.InputPropertiesError naming every argument that SageMaker would refuse after minutes. */
export function checkFeatures(args: CheckedFeatures): void {
  const checker = new ArgumentChecker()
    .range(args.features.length, "features.length", 1, mostFeatures)
    .require(
      args.onlineStoreEnabled !== false || args.onlineRecordExpirationDays === undefined,
      "onlineRecordExpirationDays",
      "was given although onlineStoreEnabled is false; give one of them",
    )
    .range(args.onlineRecordExpirationDays, "onlineRecordExpirationDays", 1, 36500)
    .require(
      !args.features.some(({ personal }) => personal) ||
        args.onlineStoreEnabled === false ||
        args.onlineRecordExpirationDays !== undefined,
      "onlineRecordExpirationDays",
      "is missing although features hold personal data, which must not be served for ever; give the days that a record may stay online",
    );
  if (args.featureGroupName !== undefined) {
    checker.require(
      featureGroupNamePattern.test(args.featureGroupName) && args.featureGroupName.length <= 64,
      "featureGroupName",
      `"${args.featureGroupName}" was given; allowed are letters, digits, hyphens and underscores, at most 64 characters`,
    );
  }
  checkNames(args.features, checker);
  checkKeyFeatures(args, checker);
  checker.done("FeatureStore");
}

function checkNames(features: CheckedFeatures["features"], checker: ArgumentChecker): void {
  const names = features.map((feature) => feature.name);
  names.forEach((name, index) => {
    if (typeof name !== "string") return;
    const path = `features[${index}].name`;
    checker
      .require(
        featureNamePattern.test(name) && name.length <= 64,
        path,
        `"${name}" was given; allowed are letters, digits, hyphens and underscores, at most 64 characters`,
      )
      .require(
        !reservedNames.includes(name.toLowerCase()),
        path,
        `"${name}" was given; SageMaker keeps ${reservedNames.join(", ")} for itself`,
      )
      .require(names.indexOf(name) === index, path, `"${name}" was given twice`);
  });
}

/** The record identifier and the event time must be among the features; only plain names can be compared. */
function checkKeyFeatures(args: CheckedFeatures, checker: ArgumentChecker): void {
  const names = args.features.map((feature) => feature.name);
  if (!names.every((name) => typeof name === "string")) return;
  for (const path of ["recordIdentifierName", "eventTimeName"] as const) {
    const value = args[path];
    if (typeof value !== "string") continue;
    checker.require(
      names.includes(value),
      path,
      `"${value}" was given; allowed is the name of a feature: ${names.join(", ")}`,
    );
  }
  const eventTime = args.features.find((feature) => feature.name === args.eventTimeName);
  checker.require(
    eventTime?.type !== "Integral",
    "eventTimeName",
    "the feature is of type Integral; allowed are String (ISO 8601) and Fractional (seconds since 1970)",
  );
}
