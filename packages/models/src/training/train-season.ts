import { sha256 } from "../core/kinds/content-hash.ts";
import {
  heldBackWeeks,
  isWeekKnown,
  latestYear,
  mondayOf,
  type DemandWeeks,
} from "../core/seasons/demand-weeks.ts";
import type { TrainingOptions, TrainingOutcome } from "../core/kinds/family.ts";
import { histogramOf } from "../core/decisions/histogram.ts";
import {
  numberOf,
  openSeasonModel,
  seasonFormat,
  seasonSignature,
  type SeasonArtefact,
} from "../core/seasons/season-model.ts";
import { inputOf } from "../core/kinds/signature.ts";
import { fitHarmonic } from "./harmonic.ts";
import {
  againstSeasonChampion,
  chosenBefore,
  judgeSeason,
  testRows,
  type MembersChosen,
} from "./judge-season.ts";
import { mathematics } from "./train-churn.ts";

/** What a network told of the weeks after each series, a list of eight chances a series. */
export interface NetworkTold {
  /** From sixteen weeks before the end on: whom it is chosen for. */
  readonly choice: readonly Float64Array[];
  /** From eight weeks before the end on: whether it serves at all. */
  readonly test: readonly Float64Array[];
  /** From the end on: what is shipped. */
  readonly ahead: readonly Float64Array[];
}

export interface SeasonTask {
  readonly series: readonly DemandWeeks[];
  /** The first week that is not known. */
  readonly endWeek: number;
  /** Absent where there is no network, or too little for one. */
  readonly told?: NetworkTold;
  /** Why there is none, for the card. */
  readonly withoutNetwork: string;
}

const leastSeries = 5;
const goldenRows = 20;

/**
 * Learns when products are asked for. The last eight weeks are held back and all members are judged on them; the choice between
 * them is of the eight weeks before those. What is shipped is told anew from all weeks in the same way, as the weeks that were
 * held back are those that say most of the next.
 */
export function trainSeason(
  task: SeasonTask,
  { seed, champion, onProgress }: TrainingOptions,
): TrainingOutcome {
  const { series, endWeek, told } = task;
  if (series.length < leastSeries) {
    const why = `${series.length} products were asked for at a market over a year and eight weeks; it takes ${leastSeries}.`;
    return { kind: "insufficient", why, rows: series.length };
  }
  const chosen = chosenBefore(series, told?.choice);
  onProgress?.(0.4);
  const rows = testRows(series, { ...(told && { network: told.test }), ...chosen });
  if (rows.length === 0) {
    const why = `There was nothing to sell in the last ${heldBackWeeks} weeks: no week can be told and compared.`;
    return { kind: "insufficient", why, rows: 0 };
  }
  const { plain } = chosen;
  const judged = judgeSeason(rows, {
    seed,
    plain,
    hasNetwork: told !== undefined,
    without: task.withoutNetwork,
  });
  onProgress?.(0.7);
  const artefact = Buffer.from(
    JSON.stringify(
      artefactOf(task, { plain, products: judged.isNetworkServing ? chosen.products : new Set() }),
    ),
  );
  const model = openSeasonModel(artefact, mathematics);
  const inputs = series.flatMap(({ product, market }) =>
    Array.from({ length: heldBackWeeks }, (_, ahead) =>
      Float64Array.of(numberOf(product), numberOf(market), endWeek + ahead),
    ),
  );
  const { isNetworkServing, verdict, gain, measures, calibration } = judged;
  const rival = againstSeasonChampion(rows, champion, { seed, isNetworkServing });
  return {
    kind: "trained",
    artefact,
    golden: goldenInputs(inputs).map((columns) => ({
      input: inputOf(seasonSignature, columns),
      score: model.score(columns),
    })),
    metrics: {
      servedBy: isNetworkServing ? "chosen by product" : plain,
      verdict: isNetworkServing ? `${verdict} It was chosen for ${chosen.products.size} products.` : verdict,
      rowsLearned: series.reduce((sum, one) => sum + learnedOf(one), 0),
      rowsTested: rows.length,
      testFrom: new Date(mondayOf(endWeek - heldBackWeeks)).toISOString(),
      isToldAnew: true,
      measures,
      gain,
      calibration,
      weights: [],
    },
    reference: { score: histogramOf(Float64Array.from(inputs, (columns) => model.score(columns))) },
    settings: {
      heldBackWeeks,
      wavesAYear: 2,
      series: series.length,
      products: new Set(series.map(({ product }) => product)).size,
      productsOfNetwork: isNetworkServing ? chosen.products.size : 0,
    },
    dataHash: sha256(JSON.stringify(series.map((one) => ({ ...one, isAsked: textOf(one) })))),
    windowFrom: mondayOf(series.reduce((least, one) => Math.min(least, one.firstWeek), endWeek)),
    ...(rival && { againstChampion: rival }),
  };
}

const learnedOf = (one: DemandWeeks): number =>
  one.isAsked.subarray(0, -heldBackWeeks).reduce((sum, _, at) => sum + (isWeekKnown(one, at) ? 1 : 0), 0);

/** A figure a week; a dash where nothing is known. */
const textOf = (one: DemandWeeks): string =>
  Array.from(one.isAsked, (asked, at) => (isWeekKnown(one, at) ? asked : "-")).join("");

/** Spread over products and weeks, with one of a product that nobody knows and one of a week far off. */
function goldenInputs(inputs: readonly Float64Array[]): Float64Array[] {
  const step = Math.max(1, Math.floor(inputs.length / (goldenRows - 2)));
  const spread = inputs.filter((_, at) => at % step === 0).slice(0, goldenRows - 2);
  const [product, market, week] = inputs[0]!;
  return [...spread, Float64Array.of(1, 1, week!), Float64Array.of(product!, market!, week! + 30)];
}

function artefactOf(
  { series, endWeek, told }: SeasonTask,
  { plain, products }: MembersChosen,
): SeasonArtefact {
  return {
    format: seasonFormat,
    fromWeek: endWeek,
    pooled: fitHarmonic(series),
    series: series.map((one, at) => {
      const ahead = products.has(one.product) ? told?.ahead[at] : undefined;
      return {
        product: numberOf(one.product),
        market: numberOf(one.market),
        servedBy: ahead ? "network" : plain,
        plain,
        waves: fitHarmonic([one]),
        ...(ahead && { told: [...ahead] }),
        ...latestYear(one),
      };
    }),
  };
}
