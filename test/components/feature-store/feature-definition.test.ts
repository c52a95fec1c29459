import * as fc from "fast-check";

import {
  FeatureCatalog,
  featureCatalogFaults,
  FeatureType,
  NamedType,
  physicalViewName,
  removedOrRetyped,
} from "../../../components/contracts/feature-definition";
import { featureStoreArgsOf } from "../../../components";
import { featureCatalog } from "../feature-samples";

const [weather, habits] = featureCatalog.views;
const [airport] = featureCatalog.entities;

test("a right catalog has no fault", () => {
  expect(featureCatalogFaults(featureCatalog)).toEqual([]);
  expect(featureCatalog.views.map(physicalViewName)).toEqual(["weather", "habits_v2"]);
});

const wrong: [string, Partial<FeatureCatalog>, { path: string; reason: RegExp }[]][] = [
  [
    "names that stores do not take",
    {
      project: "My project",
      entities: [{ ...airport!, name: "Airport" }],
      views: [{ ...weather!, entity: "Airport" }],
    },
    [
      { path: "project", reason: /"My project" was given; allowed are lower-case letters/ },
      { path: "entities[0].name", reason: /"Airport" was given/ },
      { path: "views[0].entity", reason: /"Airport" was given/ },
    ],
  ],
  [
    "columns that belong to the stores",
    { views: [{ ...weather!, features: [{ name: "Write_Time", type: FeatureType.String }] }] },
    [{ path: "views[0].features[0].name", reason: /"Write_Time" was given; is_deleted, write_time/ }],
  ],
  [
    "a feature that is a key, a time or there twice",
    {
      views: [
        {
          ...weather!,
          eventTime: "airport",
          features: [...weather!.features, { name: "SKY", type: FeatureType.String }],
        },
      ],
    },
    [
      { path: "views[0].eventTime", reason: /"airport" was given twice/ },
      { path: "views[0].features[3].name", reason: /"SKY" was given twice/ },
    ],
  ],
  [
    "the same version twice",
    { views: [weather!, { ...weather!, version: 1 }] },
    [{ path: "views[1].name", reason: /"weather" was given twice/ }],
  ],
  [
    "personal data without a time to live",
    { views: [{ ...habits!, ttlSeconds: undefined }] },
    [{ path: "views[0].ttlSeconds", reason: /it is missing although seat hold personal data/ }],
  ],
];

test.each(wrong)("refuses %s", (_case, more, faults) => {
  const found = featureCatalogFaults({ ...featureCatalog, ...more });
  expect(found.map(({ path }) => path)).toEqual(faults.map(({ path }) => path));
  found.forEach(({ reason }, index) => expect(reason).toMatch(faults[index]!.reason));
});

test("a change is refused exactly when something that was there is gone or of another type", () => {
  const feature: fc.Arbitrary<NamedType> = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    type: fc.constantFrom("String", "Integral"),
  });
  const features = fc.uniqueArray(feature, { selector: ({ name }) => name });
  fc.assert(
    fc.property(features, features, (before, after) => {
      const kept = before.filter(({ name, type }) =>
        after.some((next) => next.name === name && next.type === type),
      );
      expect(removedOrRetyped(before, after)).toHaveLength(before.length - kept.length);
      expect(removedOrRetyped(before, [...before, ...after])).toEqual([]);
    }),
  );
});

test("a view becomes the arguments of a feature group", () => {
  expect(featureStoreArgsOf(featureCatalog, "weather")).toEqual({
    features: [
      { name: "airport", type: "String" },
      { name: "measured_at", type: "String" },
      { name: "wind_speed", type: "Fractional" },
      { name: "pressure", type: "Fractional" },
      { name: "sky", type: "String" },
    ],
    recordIdentifierName: "airport",
    eventTimeName: "measured_at",
  });
  expect(() => featureStoreArgsOf(featureCatalog, "habits_v2")).toThrow(
    /has 2 join keys, and a feature group has one/,
  );
  expect(() => featureStoreArgsOf(featureCatalog, "habits")).toThrow(/it has weather, habits_v2/);
});
