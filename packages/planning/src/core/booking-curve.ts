/** One market day that is over: how much of all that was asked for had been ordered as long before it as it is now. */
export interface BookedDay {
  /** Base units, orders and walk-ins together, above 0. */
  readonly totalBase: number;
  /** Base units, at most all. */
  readonly byThenBase: number;
  /** Base units of an ordinary order of the product. */
  readonly stepBase: number;
}

/** What share of a day's demand has been ordered by now, as days before it show: a Beta distribution. */
export interface BookingCurve {
  /** In (0, 1). */
  readonly mean: number;
  /** How alike days are: the Beta's two parameters together. */
  readonly firmness: number;
}

export interface Quantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** What a farm's other products tell counts as so many days of the product's own. */
const farmDays = 6;
/** Days, of all products together, below which nothing is said. */
const leastDays = 4;
const [leastFirmness, mostFirmness] = [2, 150];

/**
 * The share of a product's demand that is ordered by now, from its own market days drawn to those of all products of the farm
 * at the market: moments of the shares, own ones and six days of the farm's.
 *
 * @param own market days of the product with something sold, not sold out
 * @param farm the same of all of the farm's products there
 * @returns nothing from fewer than four market days, or where nothing is ever ordered by then
 */
export function bookingCurve(
  own: readonly BookedDay[],
  farm: readonly BookedDay[],
): BookingCurve | undefined {
  if (farm.length < leastDays || farm.every(({ byThenBase }) => byThenBase === 0)) return undefined;
  const all = momentsOf(farm);
  const mine = momentsOf(own);
  const weight = own.length / (own.length + farmDays);
  const mean = weight * mine.mean + (1 - weight) * all.mean;
  const variance = weight * mine.variance + (1 - weight) * all.variance + 1e-6;
  const firmness = (mean * (1 - mean)) / variance - 1;
  return { mean, firmness: Math.min(mostFirmness, Math.max(leastFirmness, firmness)) };
}

function momentsOf(days: readonly BookedDay[]): { mean: number; variance: number } {
  if (days.length === 0) return { mean: 0, variance: 0 };
  const shares = days.map((day) => shareOf(day.byThenBase, day.totalBase, day.stepBase));
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, shares.length - 1) };
}

/** Orders come in steps: half a step more of them, a whole one more of all, so that no share is 0 or 1. */
const shareOf = (orderedBase: number, totalBase: number, stepBase: number): number =>
  (orderedBase + stepBase / 2) / (Math.max(orderedBase, totalBase) + stepBase);

/** Points of the grid on which demand is weighed. */
const points = 400;
/** A grid that reaches so many spreads on each side holds all but a thousandth of a Student's t of five degrees. */
const reach = 8;
const degrees = 5;
/** Deviations below the usual share at which an order book is no emptier. */
const emptiest = 2;
/** The 90th percentile of that t. */
const t90 = 1.475884048824481;

/**
 * What a day will come to, from what was expected of it before any order and what is ordered by now.
 *
 * Demand D is believed to be what was forecast: on the scale of roots a Student's t of five degrees with one spread below
 * its middle and another above, half of it on each side, through the three quantiles. What is ordered by now is a share of D that is Beta distributed
 * with the curve's mean and firmness. Bayes' rule on a grid of D from what is ordered upwards gives the quantiles.
 *
 * An order book that is emptier than two deviations below the usual share of the forecast's tenth percentile counts as that
 * empty: then something else is amiss (it was not on sale, say), and the forecast is not thrown away for it.
 *
 * More ordered is never less expected: the Beta's second parameter is kept at 1 and above, where its density is increasing in
 * likelihood ratio. Nothing is expected below what is ordered.
 *
 * @param expected 0 <= p10 <= p50 <= p90, base units
 * @param orderedBase base units, from 0 up
 * @param curve left out where not known: then each quantile is what is ordered at least
 * @param stepBase base units of an ordinary order, above 0
 * @returns ordered quantiles of at least `orderedBase`
 */
export function withBookings(
  expected: Quantiles,
  orderedBase: number,
  curve: BookingCurve | undefined,
  stepBase: number,
): Quantiles {
  if (!curve) {
    const atLeast = (base: number): number => Math.max(base, orderedBase);
    return { p10: atLeast(expected.p10), p50: atLeast(expected.p50), p90: atLeast(expected.p90) };
  }
  const middle = Math.sqrt(expected.p50);
  // No forecast is surer than half an order.
  const least = Math.max(Math.sqrt(stepBase) / 4, middle / 50);
  const below = Math.max(least, middle - Math.sqrt(expected.p10)) / t90;
  const above = Math.max(least, Math.sqrt(expected.p90) - middle) / t90;
  const from = Math.sqrt(orderedBase);
  const to = Math.max(middle + reach * above, Math.sqrt((3 * (orderedBase + stepBase)) / curve.mean));
  const a = curve.mean * curve.firmness;
  const b = Math.max(1, (1 - curve.mean) * curve.firmness);
  const deviation = Math.sqrt((curve.mean * (1 - curve.mean)) / (curve.firmness + 1));
  const toldBase = Math.max(orderedBase, (curve.mean - emptiest * deviation) * expected.p10);
  const roots = Float64Array.from({ length: points }, (_, at) => from + ((to - from) * (at + 0.5)) / points);
  const logs = roots.map((root) => {
    const spread = root < middle ? below : above;
    // Half of the belief lies on each side of the middle, whatever their spreads.
    const belief =
      -((degrees + 1) / 2) * Math.log1p(((root - middle) / spread) ** 2 / degrees) - Math.log(spread);
    const share = shareOf(toldBase, root ** 2, stepBase);
    const told = (a - 1) * Math.log(share) + (b - 1) * Math.log1p(-share) - Math.log(root ** 2 + stepBase);
    return belief + told;
  });
  const highest = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  const weights = logs.map((value) => Math.exp(value - highest));
  const total = weights.reduce((sum, value) => sum + value, 0);
  const at = (share: number): number => rootAt(roots, weights, share * total, (to - from) / points) ** 2;
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}

/** Where the weights come to a sum, straight within a step of the grid. */
function rootAt(roots: Float64Array, weights: Float64Array, sum: number, width: number): number {
  let before = 0;
  for (let at = 0; at < roots.length; at++) {
    const weight = weights[at]!;
    if (before + weight >= sum && weight > 0) return roots[at]! + width * ((sum - before) / weight - 0.5);
    before += weight;
  }
  return roots.at(-1)!;
}
