/** Share that stands for an empty bin, so that the logarithm stays finite. */
export const smallestShare = 1e-4;

/**
 * Population stability index of two histograms over the same bins:
 *
 *     PSI = Σ (actual share − expected share) · ln(actual share / expected share)
 *
 * Formula: N. Siddiqi, "Credit Risk Scorecards" (Wiley, 2006), chapter 8; it is the symmetric Kullback-Leibler
 * divergence. Rule of thumb from there: below 0.1 no change, 0.1 to 0.25 some change, above 0.25 a shift. On samples
 * of one population it scatters around (bins − 1) · (1 / rows expected + 1 / rows actual): B. Yurdakul and
 * J. Naranjo, "Statistical properties of the population stability index", Journal of Risk Model Validation 14(4), 2020.
 *
 * Empty bins count as a share of {@link smallestShare}. The result is never negative, 0 for equal shares.
 * @throws Error when the histograms have different lengths or one of them is empty
 */
export function populationStabilityIndex(expected: readonly number[], actual: readonly number[]): number {
  if (expected.length !== actual.length) {
    throw new Error(
      `The histograms have ${expected.length} and ${actual.length} bins; they must share their bins.`,
    );
  }
  const expectedShares = shares(expected);
  const actualShares = shares(actual);
  return expectedShares.reduce((sum, share, bin) => {
    const other = actualShares[bin] ?? smallestShare;
    return sum + (other - share) * Math.log(other / share);
  }, 0);
}

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) throw new Error("A histogram without a single value has no distribution to compare.");
  return counts.map((count) => Math.max(count / total, smallestShare));
}
