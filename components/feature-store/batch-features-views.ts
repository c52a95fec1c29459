import { ArgumentChecker } from "../shared/validation";

/** What is made of the events in a window. A value that is no finite number counts as missing. */
export enum FeatureAggregate {
  /** How many values there are, 0 for none; without a column, how many events. */
  Count = "count",
  Sum = "sum",
  Mean = "mean",
  Minimum = "minimum",
  Maximum = "maximum",
  /** Of the sample: missing below two values. */
  StandardDeviation = "standardDeviation",
}

/** How often an entity gets a row; the rows' times are full hours or days in UTC. */
export enum FeatureFrequency {
  Hourly = "hourly",
  Daily = "daily",
}

/** One feature: an aggregate of the events in the hours before a row's time. */
export interface WindowedFeature {
  /** Column name in the result: letters, digits and underscores, beginning with a letter, at most 63. */
  name: string;
  /** What is made of the events. */
  aggregate: FeatureAggregate;
  /** Length of the window in hours, up to the row's time and without it; at most 744 for hourly and 8784 for daily rows, which need a multiple of 24. */
  windowHours: number;
  /** Numeric column that is aggregated. @default none, which only a count can do with */
  column?: string;
}

/** Features of one entity, computed from the events of one curated data set. */
export interface BatchFeatureView {
  /** Name: letters, digits and underscores, beginning with a letter, at most 63; the folder of its rows. */
  name: string;
  /** Curated data set: the first folder of its Parquet files. */
  dataset: string;
  /** Columns that together identify an entity; an event that lacks one is left out. */
  entity: string[];
  /** Column with the time at which an event was known, not merely planned; without an offset it is UTC. */
  eventTimeColumn: string;
  /** How often an entity gets a row. */
  frequency: FeatureFrequency;
  /** The features, 1 to 500. */
  features: WindowedFeature[];
}

const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;
const datasetPattern = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
/** Columns that the job adds. */
const reservedNames = ["as_of", "day"];
/** A row reads all steps of its windows: a year of hours would be 8,784 for each row. */
const longestWindowHours = { [FeatureFrequency.Hourly]: 31 * 24, [FeatureFrequency.Daily]: 366 * 24 };
const mostFeatures = 500;

/** Notes everything that the job would refuse, or that would cost a night to find out. */
export function checkViews(views: BatchFeatureView[], checker: ArgumentChecker): void {
  const names = views.map((view) => view.name);
  views.forEach((view, index) => {
    const path = `views[${index}]`;
    checkName(checker, view.name, `${path}.name`, names.slice(0, index));
    checkDataset(checker, view.dataset, `${path}.dataset`);
    checker
      .range(view.features.length, `${path}.features.length`, 1, mostFeatures)
      .range(view.entity.length, `${path}.entity.length`, 1, 16);
    const taken = [...reservedNames];
    view.entity.forEach((column, i) => {
      const unique = column !== "" && !taken.includes(column);
      checker.require(
        unique,
        `${path}.entity[${i}]`,
        `"${column}" was given; a column is needed, once, that is not called ${reservedNames.join(" or ")}`,
      );
      taken.push(column);
    });
    view.features.forEach((feature, i) => {
      checkName(checker, feature.name, `${path}.features[${i}].name`, taken);
      checkFeature(checker, feature, view.frequency, `${path}.features[${i}]`);
      taken.push(feature.name);
    });
  });
}

/** Notes a fault when a name cannot be the folder of a data set. */
export function checkDataset(checker: ArgumentChecker, dataset: string, path: string): void {
  checker.require(
    datasetPattern.test(dataset),
    path,
    `"${dataset}" was given; allowed are letters, digits, hyphens and underscores`,
  );
}

function checkName(checker: ArgumentChecker, name: string, path: string, taken: string[]): void {
  checker
    .require(
      namePattern.test(name),
      path,
      `"${name}" was given; allowed are letters, digits and underscores, beginning with a letter, at most 63`,
    )
    .require(!taken.includes(name), path, `"${name}" was given, which is taken already`);
}

function checkFeature(
  checker: ArgumentChecker,
  { aggregate, column, windowHours }: WindowedFeature,
  frequency: FeatureFrequency,
  path: string,
): void {
  const step = frequency === FeatureFrequency.Daily ? 24 : 1;
  checker
    .require(
      aggregate === FeatureAggregate.Count || (column ?? "") !== "",
      `${path}.column`,
      `nothing was given; the ${aggregate} of a column is needed`,
    )
    .range(windowHours, `${path}.windowHours`, step, longestWindowHours[frequency])
    .require(
      windowHours % step === 0,
      `${path}.windowHours`,
      `${windowHours} was given; ${step === 1 ? "whole hours are" : "a multiple of 24 is"} allowed for ${frequency} rows`,
    );
}
