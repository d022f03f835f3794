import { brierScore, calibrationBins, calibrationError, logistic } from "@almanac/ml";
import { chooseNetwork } from "../core/seasons/choose-members.ts";
import {
  heldBackWeeks,
  isWeekKnown,
  latestYear,
  shortened,
  type DemandWeeks,
} from "../core/seasons/demand-weeks.ts";
import type { Measure, ModelMetrics } from "../core/kinds/family.ts";
import { pairedInterval, type Interval } from "../core/decisions/interval.ts";
import {
  harmonicOdds,
  numberOf,
  openSeasonModel,
  shareOf,
  type PlainMember,
} from "../core/seasons/season-model.ts";
import { fitHarmonic } from "./harmonic.ts";
import { mathematics } from "./train-churn.ts";

/** One held-back week of one product at one market, with what each member told of it before. */
export interface SeasonRow {
  readonly product: string;
  readonly market: string;
  readonly week: number;
  readonly came: number;
  readonly harmonic: number;
  /** Asked for in that share of the latest year. */
  readonly yearShare: number;
  readonly network?: number;
  /** By the plain member that was chosen. */
  readonly plain: number;
  /** By whom it would be answered. */
  readonly chosen: number;
}

export interface MembersChosen {
  readonly plain: PlainMember;
  /** Products that the network answers for. */
  readonly products: ReadonlySet<string>;
}

const squared = (told: number, came: number): number => (told - came) ** 2;

/**
 * The last eight weeks of each series, told from what was known before them; of those that tell nothing there is no row.
 *
 * @param network chances of these weeks, a list a series
 */
export function testRows(
  series: readonly DemandWeeks[],
  { network, plain, products }: MembersChosen & { network?: readonly Float64Array[] },
): SeasonRow[] {
  return shortened(series, heldBackWeeks).flatMap((known, at) => {
    const whole = series[at]!;
    const { product, market, isAsked } = whole;
    const waves = fitHarmonic([known]);
    const latest = latestYear(known);
    const yearShare = shareOf(latest.asked, latest.of);
    return Array.from({ length: heldBackWeeks }, (_, ahead) => ahead).flatMap((ahead) => {
      const place = known.isAsked.length + ahead;
      if (!isWeekKnown(whole, place)) return [];
      const week = known.firstWeek + place;
      const harmonic = logistic(harmonicOdds(waves, week));
      const byNetwork = network?.[at]?.[ahead];
      const plainly = plain === "harmonic regression" ? harmonic : yearShare;
      const row: SeasonRow = {
        product,
        market,
        week,
        came: isAsked[place]!,
        harmonic,
        yearShare,
        ...(byNetwork !== undefined && { network: byNetwork }),
        plain: plainly,
        chosen: byNetwork !== undefined && products.has(product) ? byNetwork : plainly,
      };
      return [row];
    });
  });
}

/**
 * Who is chosen by the eight weeks before those that are held back: of the plain members the one that missed less there, for all
 * products alike, and the network for the products that it is better for than that.
 *
 * @param told chances of those weeks by the network, a list a series
 */
export function chosenBefore(
  series: readonly DemandWeeks[],
  told: readonly Float64Array[] | undefined,
): MembersChosen {
  const rows = testRows(shortened(series, heldBackWeeks), {
    ...(told && { network: told }),
    plain: "harmonic regression",
    products: new Set(),
  });
  const missed = (member: "harmonic" | "yearShare"): number =>
    rows.reduce((sum, row) => sum + squared(row[member], row.came), 0);
  const isYearBetter = missed("yearShare") < missed("harmonic");
  const plain = isYearBetter ? "share of the latest year" : "harmonic regression";
  if (!told) return { plain, products: new Set() };
  const byProduct = Map.groupBy(rows, ({ product }) => product);
  const gains = [...byProduct].map(([product, own]) => ({
    product,
    differences: own.map(
      ({ harmonic, yearShare, network, came }) =>
        squared(isYearBetter ? yearShare : harmonic, came) - squared(network!, came),
    ),
  }));
  return { plain, products: chooseNetwork(gains) };
}

export interface JudgedSeason {
  readonly isNetworkServing: boolean;
  readonly verdict: string;
  readonly gain: NonNullable<ModelMetrics["gain"]>;
  readonly measures: readonly Measure[];
  readonly calibration: NonNullable<ModelMetrics["calibration"]>;
}

/** Products are drawn rather than weeks: weeks of one are alike. */
function gainOf(rows: readonly SeasonRow[], older: keyof Told, newer: keyof Told, seed: number): Interval {
  const places = new Map([...new Set(rows.map(({ product }) => product))].map((id, at) => [id, at]));
  return pairedInterval(
    rows.map((row) => squared(row[older], row.came) - squared(row[newer], row.came)),
    rows.map(({ product }) => places.get(product)!),
    { seed },
  );
}

type Told = Pick<SeasonRow, "harmonic" | "yearShare" | "plain" | "chosen">;

/** The network serves what it was chosen for only where that beats the plain member beyond doubt on the held-back weeks. */
export function judgeSeason(
  rows: readonly SeasonRow[],
  {
    seed,
    plain,
    hasNetwork,
    without,
  }: { seed: number; plain: PlainMember; hasNetwork: boolean; without: string },
): JudgedSeason {
  const ofNetwork = hasNetwork ? gainOf(rows, "plain", "chosen", seed) : undefined;
  const isNetworkServing = ofNetwork !== undefined && ofNetwork.low > 0;
  const isYear = plain === "share of the latest year";
  const ofPlain = gainOf(rows, isYear ? "harmonic" : "yearShare", "plain", seed);
  const labels = rows.map(({ came }) => came);
  const served = rows.map((row) => (isNetworkServing ? row.chosen : row.plain));
  return {
    isNetworkServing,
    verdict: `${servingWords(ofNetwork, plain, without)} ${plainWords(ofPlain, plain)}`,
    gain: {
      ...(ofNetwork ?? ofPlain),
      against: ofNetwork ? plain : otherOf(plain),
      unit: "Brier score",
    },
    measures: measuresOf(rows, labels),
    calibration: calibrationBins(served, labels).map(({ told, came, rows: count }) => ({
      told,
      came,
      rows: count,
    })),
  };
}

const otherOf = (plain: PlainMember): PlainMember =>
  plain === "harmonic regression" ? "share of the latest year" : "harmonic regression";

function servingWords(ofNetwork: Interval | undefined, plain: PlainMember, without: string): string {
  if (!ofNetwork) return `The ${plain} serves: ${without}`;
  return ofNetwork.low > 0
    ? `The network, where it was chosen by the weeks before, beats the ${plain} beyond doubt: it serves there.`
    : `The network does not beat the ${plain} beyond doubt: the ${plain} serves.`;
}

/** How the plain member that the weeks before chose does beside the other on the weeks that were held back. */
function plainWords({ low, high }: Interval, plain: PlainMember): string {
  const [own, other] = [plain, otherOf(plain)];
  if (low > 0) return `The ${own} beats the ${other} beyond doubt.`;
  if (high < 0)
    return `The ${other} is better than the ${own} beyond doubt, which the weeks before did not tell.`;
  return `The ${own} cannot be told from the ${other}.`;
}

function measuresOf(rows: readonly SeasonRow[], labels: readonly number[]): Measure[] {
  const members: Record<string, readonly number[]> = {
    "harmonic regression": rows.map(({ harmonic }) => harmonic),
    "share of the latest year": rows.map(({ yearShare }) => yearShare),
  };
  if (rows.every(({ network }) => network !== undefined)) {
    members["network"] = rows.map(({ network }) => network!);
    members["chosen by product"] = rows.map(({ chosen }) => chosen);
  }
  const valuesOf = (measure: (told: readonly number[]) => number): Record<string, number> =>
    Object.fromEntries(Object.entries(members).map(([name, told]) => [name, measure(told)]));
  return [
    { name: "Brier score", better: "lower", values: valuesOf((told) => brierScore(told, labels)) },
    {
      name: "distance of told and came",
      better: "lower",
      values: valuesOf((told) => calibrationError(told, labels)),
    },
  ];
}

/**
 * Brier of the champion minus that of the new version, on the held-back weeks that the champion did not know either. It told them
 * from later on than the new one, so the comparison favours it. Absent where it knew all of them, or cannot be opened.
 */
export function againstSeasonChampion(
  rows: readonly SeasonRow[],
  champion: Uint8Array | undefined,
  { seed, isNetworkServing }: { seed: number; isNetworkServing: boolean },
): Interval | undefined {
  const older = openRival(champion);
  if (!older) return undefined;
  const unknown = rows.filter(({ week }) => week >= older.fromWeek);
  if (unknown.length === 0) return undefined;
  const differences = unknown.map(({ product, market, week, came, ...told }) => {
    const columns = Float64Array.of(numberOf(product), numberOf(market), week);
    return squared(older.score(columns), came) - squared(isNetworkServing ? told.chosen : told.plain, came);
  });
  const products = unknown.map(({ product }) => numberOf(product));
  return pairedInterval(differences, products, { seed });
}

function openRival(bytes: Uint8Array | undefined): ReturnType<typeof openSeasonModel> | undefined {
  try {
    return bytes && openSeasonModel(bytes, mathematics);
  } catch {
    return undefined;
  }
}
