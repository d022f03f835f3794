/** One market day that is over: how much of all that was asked for had been ordered as long before it as it is now. */
export interface BookedDay {
  /** Base units, orders and walk-ins together, above 0. */
  readonly totalBase: number;
  /** Base units, at most all. */
  readonly byThenBase: number;
  /** Base units of an ordinary order of the product. */
  readonly stepBase: number;
}

/**
 * What share of a day's demand has been ordered by now, as days before it show: all of it on some days, else a share that is
 * Beta distributed.
 */
export interface BookingCurve {
  /** Share of days on which nothing more came, [0, 1]. */
  readonly complete: number;
  /** Of the share on other days, in (0, 1). */
  readonly mean: number;
  /** How alike those days are: the Beta's two parameters together. */
  readonly firmness: number;
}

/** The mean share of a day's demand that is ordered by now, [0, 1]. */
export const usualShare = ({ complete, mean }: BookingCurve): number => complete + (1 - complete) * mean;

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
  const drawn = (mineOf: number, allOf: number, days: number): number => {
    const weight = days / (days + farmDays);
    return weight * mineOf + (1 - weight) * allOf;
  };
  const mean = drawn(mine.mean, all.mean, mine.open);
  const firmness = (mean * (1 - mean)) / (drawn(mine.variance, all.variance, mine.open) + 1e-6) - 1;
  return {
    complete: drawn(mine.complete, all.complete, own.length),
    mean,
    firmness: Math.min(mostFirmness, Math.max(leastFirmness, firmness)),
  };
}

interface Moments {
  readonly complete: number;
  /** Days on which more came. */
  readonly open: number;
  /** Of the shares on these; a half where there is none. */
  readonly mean: number;
  readonly variance: number;
}

/** Of lists that are asked for again with each product. */
const knownMoments = new WeakMap<readonly BookedDay[], Moments>();

function momentsOf(days: readonly BookedDay[]): Moments {
  const known = knownMoments.get(days) ?? newMomentsOf(days);
  knownMoments.set(days, known);
  return known;
}

function newMomentsOf(days: readonly BookedDay[]): Moments {
  const open = days.filter(({ byThenBase, totalBase, stepBase }) => totalBase - byThenBase >= stepBase / 2);
  const complete = days.length === 0 ? 0 : 1 - open.length / days.length;
  if (open.length === 0) return { complete, open: 0, mean: 0.5, variance: 0.05 };
  const shares = open.map((day) => shareOf(day.byThenBase, day.totalBase, day.stepBase));
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return { complete, open: open.length, mean, variance: squares / Math.max(1, shares.length - 1) };
}

/** Orders come in steps: half a step more of them, a whole one more of all, so that no share is 0 or 1. */
const shareOf = (orderedBase: number, totalBase: number, stepBase: number): number =>
  (orderedBase + stepBase / 2) / (Math.max(orderedBase, totalBase) + stepBase);

/** Points of the grid on which demand is weighed. */
const points = 240;
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
 * its middle and another above, half of it on each side, through the three quantiles. With the curve's chance of a complete
 * day, D is what is ordered; else what is ordered is a share of D that is Beta distributed. Orders come in steps of
 * `stepBase`, so that the chance of what is ordered is that of its step. Bayes' rule gives the quantiles: a lump at what is
 * ordered, and a grid of D above it.
 *
 * An order book that is emptier than two deviations below the usual share of the forecast's tenth percentile counts as that
 * empty: then something else is amiss (it was not on sale, say), and the forecast is not thrown away for it.
 *
 * More ordered is never less expected: quantiles are worked out at nodes of what could be ordered, each at least the one before
 * it, and lie straight between them. Nothing is expected below what is ordered.
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
  const atLeast = (base: number): number => Math.max(base, orderedBase);
  if (!curve) return { p10: atLeast(expected.p10), p50: atLeast(expected.p50), p90: atLeast(expected.p90) };
  const { p10, p50, p90 } = expected;
  const key = [p10, p50, p90, orderedBase, curve.complete, curve.mean, curve.firmness, stepBase].join(" ");
  const known = answers.get(key);
  if (known) return known;
  const answer = between(expected, orderedBase, curve, stepBase);
  answers.set(key, answer);
  if (answers.size > mostAnswers) answers.delete(answers.keys().next().value!);
  return answer;
}

/** Pages ask the same of each product again until something is ordered or sold; the oldest goes first. */
const answers = new Map<string, Quantiles>();
const mostAnswers = 10_000;

/** The quantiles of what is ordered, straight between those of the nodes beside it. */
function between(expected: Quantiles, orderedBase: number, curve: BookingCurve, stepBase: number): Quantiles {
  const apart = (expected.p90 + stepBase) / lattice;
  let before = posterior(expected, 0, curve, stepBase);
  for (let at = 1; ; at++) {
    const next = highest(before, posterior(expected, nodeOf(at, apart), curve, stepBase));
    if (orderedBase <= nodeOf(at, apart)) {
      const from = nodeOf(at - 1, apart);
      const share = (orderedBase - from) / (nodeOf(at, apart) - from);
      const partOf = (low: number, high: number): number => Math.max(low + share * (high - low), orderedBase);
      return {
        p10: partOf(before.p10, next.p10),
        p50: partOf(before.p50, next.p50),
        p90: partOf(before.p90, next.p90),
      };
    }
    before = next;
  }
}

/** Nodes that lie evenly up to the forecast's upper bound, and a quarter further apart each beyond. */
const lattice = 16;
const nodeOf = (at: number, apart: number): number =>
  at <= lattice ? at * apart : lattice * apart * 1.25 ** (at - lattice);

const highest = (one: Quantiles, other: Quantiles): Quantiles => ({
  p10: Math.max(one.p10, other.p10),
  p50: Math.max(one.p50, other.p50),
  p90: Math.max(one.p90, other.p90),
});

function posterior(
  expected: Quantiles,
  orderedBase: number,
  curve: BookingCurve,
  stepBase: number,
): Quantiles {
  const belief = beliefOf(expected, stepBase);
  const [low, high] = [Math.max(0, orderedBase - stepBase / 2), orderedBase + stepBase / 2];
  const from = Math.sqrt(high);
  const to = Math.max(belief.highest, Math.sqrt((3 * high) / curve.mean));
  const width = (to - from) / points;
  const deviation = Math.sqrt((curve.mean * (1 - curve.mean)) / (curve.firmness + 1));
  const toldBase = Math.max(orderedBase, (curve.mean - emptiest * deviation) * expected.p10);
  const a = curve.mean * curve.firmness;
  const b = (1 - curve.mean) * curve.firmness;
  const scale = logBeta(a, b);
  const roots = Float64Array.from({ length: points }, (_, at) => from + width * (at + 0.5));
  const weights = roots.map((root) => {
    const share = shareOf(toldBase, root ** 2, stepBase);
    const chance = (a - 1) * Math.log(share) + (b - 1) * Math.log1p(-share) - scale;
    const ofStep = Math.min(1, (Math.exp(chance) * stepBase) / (root ** 2 + stepBase));
    return (1 - curve.complete) * ofStep * belief.at(root) * width;
  });
  // Where nothing is ordered, nothing asked for is complete whatever the curve says.
  const complete = orderedBase < stepBase / 2 ? 1 : curve.complete;
  const lump = complete * belief.at(Math.sqrt(orderedBase)) * (from - Math.sqrt(low));
  const total = weights.reduce((sum, value) => sum + value, lump);
  if (!(total > 0)) return { p10: orderedBase, p50: orderedBase, p90: orderedBase };
  const at = (share: number): number =>
    share * total <= lump ? orderedBase : rootAt(roots, weights, share * total - lump, width) ** 2;
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}

/** The forecast as a density of roots of demand, not normalised. */
function beliefOf(
  { p10, p50, p90 }: Quantiles,
  stepBase: number,
): { at: (root: number) => number; highest: number } {
  const middle = Math.sqrt(p50);
  // No forecast is surer than half an order.
  const least = Math.max(Math.sqrt(stepBase) / 4, middle / 50);
  const below = Math.max(least, middle - Math.sqrt(p10)) / t90;
  const above = Math.max(least, Math.sqrt(p90) - middle) / t90;
  return {
    at: (root) => {
      const spread = root < middle ? below : above;
      return (1 + ((root - middle) / spread) ** 2 / degrees) ** (-(degrees + 1) / 2) / spread;
    },
    highest: middle + reach * above,
  };
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

/** The logarithm of Euler's beta function. */
const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** Stirling's series after shifting the argument past 8; relative error below 1e-10 (Abramowitz & Stegun 1964, 6.1.41). */
function logGamma(x: number): number {
  let [shifted, shift] = [x, 0];
  for (; shifted < 8; shifted++) shift += Math.log(shifted);
  const inverse = 1 / shifted;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260 - inverse ** 7 / 1680;
  return (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - shift;
}
