import { populationStabilityIndex } from "../shared/population-stability-index";
import {
  BaselineProfile,
  binLabels,
  FeatureProfile,
  Histogram,
  histogramOf,
  profileCounts,
} from "../shared/profile";
import type { ObservedRecord } from "./read-records";

/** How far one feature moved. */
export interface FeatureDrift {
  feature: string;
  populationStabilityIndex: number;
  /** Labels of the bins, then the counts of the baseline and of the window in the same order. */
  bins: string[];
  baseline: number[];
  window: number[];
}

/** Compares what is observed with a baseline, while records come in. */
export class DriftMeter {
  /** Records that were added. */
  records = 0;
  private readonly features: { name: string; profile: FeatureProfile; histogram: Histogram }[];

  constructor(baseline: BaselineProfile) {
    this.features = Object.entries(baseline.features).map(([name, profile]) => ({
      name,
      profile,
      histogram: histogramOf(profile),
    }));
  }

  add(record: ObservedRecord): void {
    this.records++;
    for (const { name, histogram } of this.features) histogram.add(record.features[name]);
  }

  /** Every feature of the baseline, the one that moved most first. Needs at least one record. */
  drift(): FeatureDrift[] {
    return this.features
      .map(({ name, profile, histogram }) => ({
        feature: name,
        populationStabilityIndex: populationStabilityIndex(profileCounts(profile), histogram.counts()),
        bins: binLabels(profile),
        baseline: profileCounts(profile),
        window: histogram.counts(),
      }))
      .sort((a, b) => b.populationStabilityIndex - a.populationStabilityIndex);
  }
}
