import { invariant } from "@almanac/kernel";
import { leastKnownDays, type DegreeDays } from "./degree-days.ts";

/** What a bed gave in a season that is over. */
export interface PastHarvest {
  readonly bed: string;
  readonly areaSquareMetres: number;
  readonly grams: number;
  /** Of its whole season; nothing where the weather is not known. */
  readonly weather?: DegreeDays;
}

export interface BedQuestion {
  readonly bed: string;
  readonly areaSquareMetres: number;
  /** What books say of the crop, in grams a square metre: counts as much as `bookHarvests` harvests of one's own. */
  readonly usualGramsPerSquareMetre: number;
  /** Expected of the whole season: what was measured so far and, for the days to come, what is usual. */
  readonly weather?: DegreeDays;
  /** Picked already this season. */
  readonly pickedGrams?: number;
  /** Share that lives: 1 unless some of it was lost. */
  readonly standing?: number;
}

export interface BedYield {
  /** Grams still to come. */
  readonly grams: number;
  readonly lower: number;
  readonly upper: number;
  /** Whether degree-days were used; "missing" where too few days or harvests had them. */
  readonly weather: "used" | "missing";
  /** Harvests of the crop that it rests on. */
  readonly harvests: number;
  /** Spread of the logarithm of what is to come, for sums of beds. */
  readonly spread: number;
}

/** Harvests that a book's figure counts for, and those that a bed needs to be half of its own. */
const bookHarvests = 1;
const bedHarvests = 2;
/** How far yields of one crop are expected to lie apart before any was seen: spread of logarithms, worth two harvests. */
const usualSpread = 0.35;
const spreadHarvests = 2;
/** Holds back what weather is said to do: worth this much squared spread of the logarithm of degree-days. */
const weatherRidge = 0.02;
const leastWeatherHarvests = 6;

/**
 * What a bed will still give: its area, times grams a square metre as this crop gave on this farm, moved by how this bed
 * differs and by how warm the season is, times what still stands, less what has been picked.
 *
 * All in logarithms, in which yields lie apart by shares: mean of past harvests, mixed with a book's figure; a bed's own
 * difference, shrunk by n / (n + 2); a slope of the logarithm of degree-days, held back by a ridge. Without weather for four
 * days of five, or for six harvests, the slope is left out and the answer says so. The interval is that of a new harvest at
 * the level asked for, by Student's distribution.
 *
 * @param past harvests of the same crop on the same farm; none is an answer by the book
 */
export function bedYield(past: readonly PastHarvest[], question: BedQuestion, level = 0.8): BedYield {
  const { areaSquareMetres, usualGramsPerSquareMetre, pickedGrams = 0, standing = 1 } = question;
  invariant(areaSquareMetres > 0 && usualGramsPerSquareMetre > 0, "a bed has an area and a usual yield");
  invariant(standing >= 0 && standing <= 1 && pickedGrams >= 0, "a share stands, and nothing was put back");
  const harvests = past.filter(({ grams, areaSquareMetres: area }) => grams > 0 && area > 0);
  const slope = weatherSlope(harvests, question);
  const levels = harvests.map((own) => rateOf(own) - (slope?.of(own) ?? 0));
  const book = Math.log(usualGramsPerSquareMetre);
  const centre = (sum(levels) + bookHarvests * book) / (levels.length + bookHarvests);
  const ofBed = levels.filter((_, at) => harvests[at]!.bed === question.bed);
  const own = ofBed.length === 0 ? 0 : (sum(ofBed) - ofBed.length * centre) / (ofBed.length + bedHarvests);
  const variance = spreadOf(levels, harvests, centre);
  const weight = harvests.length + bookHarvests;
  // Of a new harvest, of the centre, and of the bed's own difference, whose variance is taken for 1 / bedHarvests of theirs.
  const spread = Math.sqrt(variance * (1 + 1 / weight + 1 / (ofBed.length + bedHarvests)));
  const middle = centre + own + (slope?.of(question) ?? 0);
  const reach = studentQuantile((1 + level) / 2, harvests.length + spreadHarvests) * spread;
  const scale = areaSquareMetres * standing;
  const left = (logarithm: number): number => Math.max(0, scale * Math.exp(logarithm) - pickedGrams);
  return {
    grams: left(middle),
    lower: left(middle - reach),
    upper: left(middle + reach),
    weather: slope ? "used" : "missing",
    harvests: harvests.length,
    spread,
  };
}

const rateOf = ({ grams, areaSquareMetres }: PastHarvest): number => Math.log(grams / areaSquareMetres);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const isKnown = (weather: DegreeDays | undefined): weather is DegreeDays =>
  weather !== undefined && weather.known >= leastKnownDays && weather.sum > 0;

type WithWeather = { readonly weather?: DegreeDays };

/** How the logarithm of the yield moves with that of degree-days; nothing where too little is known. */
function weatherSlope(
  harvests: readonly PastHarvest[],
  question: BedQuestion,
): { of(own: WithWeather): number } | undefined {
  const known = harvests.filter(({ weather }) => isKnown(weather));
  if (known.length < leastWeatherHarvests || !isKnown(question.weather)) return undefined;
  const warmth = known.map(({ weather }) => Math.log(weather!.sum));
  const rates = known.map(rateOf);
  const [meanWarmth, meanRate] = [sum(warmth) / known.length, sum(rates) / known.length];
  let together = 0;
  let alone = weatherRidge;
  warmth.forEach((value, at) => {
    together += (value - meanWarmth) * (rates[at]! - meanRate);
    alone += (value - meanWarmth) ** 2;
  });
  const [coldest, warmest] = [Math.min(...warmth), Math.max(...warmth)];
  return {
    // No further than weather that was seen: beyond it nobody knows.
    of: ({ weather }) =>
      isKnown(weather)
        ? (together / alone) * (Math.min(warmest, Math.max(coldest, Math.log(weather.sum))) - meanWarmth)
        : 0,
  };
}

/** Squared spread of harvests about what their bed was expected to give, mixed with what is usual. */
function spreadOf(levels: readonly number[], harvests: readonly PastHarvest[], centre: number): number {
  let squares = spreadHarvests * usualSpread ** 2;
  const beds = Map.groupBy(levels.keys(), (at) => harvests[at]!.bed);
  for (const places of beds.values()) {
    const own = [...places].map((at) => levels[at]! - centre);
    const difference = sum(own) / (own.length + bedHarvests);
    for (const value of own) squares += (value - difference) ** 2;
  }
  // Each bed's own difference has taken away a part of a harvest.
  const taken = [...beds.values()].reduce((total, places) => {
    const count = [...places].length;
    return total + count / (count + bedHarvests);
  }, 0);
  return squares / Math.max(1, levels.length + spreadHarvests - taken);
}

/**
 * Quantile of Student's distribution by the expansion of Cornish and Fisher about the normal one. Abramowitz and Stegun
 * (1964), 26.7.5; within .01 from three degrees of freedom on for shares to .95.
 */
function studentQuantile(share: number, freedom: number): number {
  const z = normalQuantile(share);
  const n = Math.max(2, freedom);
  return (
    z +
    (z ** 3 + z) / (4 * n) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * n ** 3)
  );
}

/** Abramowitz and Stegun, 26.2.23: error below .00045. For shares above a half. */
export function normalQuantile(share: number): number {
  invariant(share >= 0.5 && share < 1, "a share is a half to below 1");
  const t = Math.sqrt(-2 * Math.log(1 - share));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t ** 2;
  return t - above / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
}
