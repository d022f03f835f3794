import { ndcgAtK, topK } from "@almanac/recsys/offline";
import type { Basket, BasketLog, BasketQuery, BasketScorer } from "@almanac/recsys/offline";
import type { Progress } from "./progress.ts";

export interface BasketCandidate {
  readonly name: string;
  /** A trial is for comparing with others: it may learn from less. */
  fit(log: BasketLog, isTrial?: boolean): BasketScorer;
  /** Settings that are chosen on the questions held back, once this candidate has won with what it fitted for them. */
  tuned?(scorer: BasketScorer, questions: readonly HeldQuestion[]): BasketCandidate;
}

const maxHeldOut = 800;
/** Of the days of a log the latest eighth is held back. */
const heldOutShare = 8;

/** The latest day of a log; NaN without dates. */
export function lastDayOf(log: BasketLog): number {
  return daysOf(log).reduce((last, day) => (day <= last ? last : day), NaN);
}

/** How many days are held back, and so how long a stretch the models are judged on; NaN without dates. */
export function heldOutDays(log: BasketLog): number {
  const first = daysOf(log).reduce((earliest, day) => (day >= earliest ? earliest : day), NaN);
  return (lastDayOf(log) - first) / heldOutShare;
}

function daysOf(log: BasketLog): number[] {
  return log.byUser.flatMap((baskets) => baskets.map(({ day }) => day)).filter((day) => !Number.isNaN(day));
}

/**
 * Holds back the end of the training data and takes the candidate with the best mean NDCG@10. By baskets: the last of
 * each user. By days: everything a user bought in the last eighth of the days.
 */
export function chooseBasketModel(
  candidates: readonly BasketCandidate[],
  log: BasketLog,
  byBasket: boolean,
  progress: Progress,
): { chosen: BasketCandidate; validation: { name: string; ndcg10: number }[] } {
  const { train, heldOut } = byBasket ? holdLastBaskets(log) : holdLastDays(log);
  const measured = candidates
    .filter((candidate) => candidate.name !== "random")
    .map((candidate) => {
      const scorer = candidate.fit(train, true);
      let sum = 0;
      for (const { query, truth } of heldOut) {
        const scores = new Float64Array(log.itemCount);
        scorer.addScores(query, scores);
        sum += ndcgAtK(topK(scores, 10), truth, 10);
      }
      const ndcg10 = Number((sum / Math.max(1, heldOut.length)).toFixed(5));
      progress.step(`${candidate.name}: ndcg@10 ${ndcg10.toFixed(4)} on ${heldOut.length} held-out baskets`);
      return { candidate, scorer, ndcg10 };
    });
  const best = measured.reduce((a, b) => (b.ndcg10 > a.ndcg10 ? b : a));
  return {
    chosen: best.candidate.tuned?.(best.scorer, heldOut) ?? best.candidate,
    validation: measured.map(({ candidate, ndcg10 }) => ({ name: candidate.name, ndcg10 })),
  };
}

export interface HeldQuestion {
  readonly query: BasketQuery;
  readonly truth: ReadonlySet<number>;
}

/** With few users, several of the last baskets of each; a model fitted without them predicts each from those before. */
function holdLastBaskets(log: BasketLog): { train: BasketLog; heldOut: HeldQuestion[] } {
  const perUser = Math.max(1, Math.min(20, Math.floor(1_500 / Math.max(1, log.byUser.length))));
  const cut = (baskets: readonly Basket[]): number => Math.max(2, baskets.length - perUser);
  const heldOut = log.byUser.flatMap((baskets, user) =>
    baskets.slice(cut(baskets)).map((basket, i) => ({
      query: { user, past: baskets.slice(0, cut(baskets) + i), day: basket.day },
      truth: new Set(basket.items),
    })),
  );
  const step = Math.max(1, Math.ceil(heldOut.length / maxHeldOut));
  return {
    train: { itemCount: log.itemCount, byUser: log.byUser.map((baskets) => baskets.slice(0, cut(baskets))) },
    heldOut: heldOut.filter((_, at) => at % step === 0),
  };
}

function holdLastDays(log: BasketLog): { train: BasketLog; heldOut: HeldQuestion[] } {
  const from = lastDayOf(log) - heldOutDays(log);
  const heldOut = log.byUser.flatMap((baskets, user) => {
    const truth = new Set(baskets.filter((basket) => basket.day >= from).flatMap((basket) => basket.items));
    const past = baskets.filter((basket) => !(basket.day >= from));
    return truth.size === 0 ? [] : [{ query: { user, past, day: from }, truth }];
  });
  return {
    train: {
      itemCount: log.itemCount,
      byUser: log.byUser.map((baskets) => baskets.filter((basket) => !(basket.day >= from))),
    },
    heldOut,
  };
}
