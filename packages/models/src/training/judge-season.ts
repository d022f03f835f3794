import { brierScore, calibrationBins, calibrationError, logistic } from "@almanac/ml";
import { chooseNetwork } from "../core/choose-members.ts";
import { countOf, heldBackWeeks, shortened, type DemandWeeks } from "../core/demand-weeks.ts";
import type { Measure, ModelMetrics } from "../core/family.ts";
import { pairedInterval, type Interval } from "../core/interval.ts";
import { harmonicOdds, numberOf, openSeasonModel } from "../core/season-model.ts";
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
  /** By whom it would be answered. */
  readonly chosen: number;
}

const squared = (told: number, came: number): number => (told - came) ** 2;

/**
 * The last eight weeks of each series, told from what was known before them.
 *
 * @param network chances of these weeks, a list a series
 * @param chosen  products that the network answers for
 */
export function testRows(
  series: readonly DemandWeeks[],
  { network, chosen }: { network?: readonly Float64Array[]; chosen: ReadonlySet<string> },
): SeasonRow[] {
  return shortened(series, heldBackWeeks).flatMap((known, at) => {
    const { product, market, isAsked } = series[at]!;
    const waves = fitHarmonic([known]);
    const latest = known.isAsked.subarray(-52);
    const yearShare = (countOf(latest) + 0.5) / (latest.length + 1);
    return Array.from({ length: heldBackWeeks }, (_, ahead) => {
      const place = known.isAsked.length + ahead;
      const week = known.firstWeek + place;
      const harmonic = logistic(harmonicOdds(waves, week));
      const byNetwork = network?.[at]?.[ahead];
      return {
        product,
        market,
        week,
        came: isAsked[place]!,
        harmonic,
        yearShare,
        ...(byNetwork !== undefined && { network: byNetwork }),
        chosen: byNetwork !== undefined && chosen.has(product) ? byNetwork : harmonic,
      };
    });
  });
}

/** The products that the network is chosen for, by the eight weeks before those that are held back. */
export function chosenBefore(
  series: readonly DemandWeeks[],
  told: readonly Float64Array[],
): ReadonlySet<string> {
  const rows = testRows(shortened(series, heldBackWeeks), { network: told, chosen: new Set() });
  const byProduct = Map.groupBy(rows, ({ product }) => product);
  return chooseNetwork(
    [...byProduct].map(([product, own]) => ({
      product,
      differences: own.map(
        ({ harmonic, network, came }) => squared(harmonic, came) - squared(network!, came),
      ),
    })),
  );
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

type Told = Pick<SeasonRow, "harmonic" | "yearShare" | "chosen">;

/** The network serves what it was chosen for only where that beats the harmonic regression beyond doubt on the held-back weeks. */
export function judgeSeason(
  rows: readonly SeasonRow[],
  { seed, hasNetwork, without }: { seed: number; hasNetwork: boolean; without: string },
): JudgedSeason {
  const ofNetwork = hasNetwork ? gainOf(rows, "harmonic", "chosen", seed) : undefined;
  const isNetworkServing = ofNetwork !== undefined && ofNetwork.low > 0;
  const ofYear = gainOf(rows, "yearShare", isNetworkServing ? "chosen" : "harmonic", seed);
  const labels = rows.map(({ came }) => came);
  const served = rows.map(({ chosen, harmonic }) => (isNetworkServing ? chosen : harmonic));
  return {
    isNetworkServing,
    verdict: `${servingWords(ofNetwork, without)} ${besideYear(ofYear)}`,
    gain: {
      ...(ofNetwork ?? ofYear),
      against: ofNetwork ? "harmonic regression" : "share of the latest year",
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

function servingWords(ofNetwork: Interval | undefined, without: string): string {
  if (!ofNetwork) return `The harmonic regression serves: ${without}`;
  return ofNetwork.low > 0
    ? "The network, where it was chosen by the weeks before, beats the harmonic regression beyond doubt: it serves there."
    : "The network does not beat the harmonic regression beyond doubt: the harmonic regression serves.";
}

/** The plainest thing to say serves nobody, and is told of all the same: a season that does not beat it is not there. */
function besideYear({ low, high }: Interval): string {
  if (low > 0) return "What serves beats the share of the latest year beyond doubt.";
  if (high < 0)
    return "The share of the latest year, which knows no season, is better than what serves beyond doubt.";
  return "What serves cannot be told from the share of the latest year.";
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
    return (
      squared(older.score(columns), came) - squared(isNetworkServing ? told.chosen : told.harmonic, came)
    );
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
