import { blendByRank, ndcgAtK, rankedDepth, topK, worthOfPlace } from "@almanac/recsys/offline";
import type { Basket, BasketLog, BasketQuery, BasketScorer } from "@almanac/recsys/offline";
import type { Progress } from "./progress.ts";

export interface BasketCandidate {
  readonly name: string;
  /** A trial is for comparing with others: it may learn from less. */
  fit(log: BasketLog, isTrial?: boolean): BasketScorer;
  /**
   * Settings that are chosen on the questions held back, more of them than models are compared on, once this candidate has
   * won with what it fitted for them.
   */
  tuned?(scorer: BasketScorer, questions: readonly HeldQuestion[]): BasketCandidate;
}

/** Next baskets that all models are compared on, and that the settings of the winner are chosen on. */
const mostCompared = 800;
const mostTuned = 4_000;
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

/** What the better of two models counts in a blend of both. */
const blendShares = [0.4, 0.5, 0.6, 0.7, 0.8];
/** Standard errors that a blend has to lead the best single model by: it is the best of many. */
const neededLead = 1;

interface Measured {
  readonly candidate: BasketCandidate;
  readonly scorer: BasketScorer;
  /** The first items of each question, best first, and NDCG@10 of each. */
  readonly lists: readonly (readonly number[])[];
  readonly scores: readonly number[];
}

/**
 * Holds back the end of the training data and takes the candidate with the best mean NDCG@10, or where that leads, a blend of
 * it with the best of another kind. What has settings to tune is not blended: another model's own items would undo how much
 * discovery was found right. By baskets: the last of each user. By days: everything a user bought in the last eighth of
 * the days.
 */
export function chooseBasketModel(
  candidates: readonly BasketCandidate[],
  log: BasketLog,
  byBasket: boolean,
  progress: Progress,
): { chosen: BasketCandidate; validation: { name: string; ndcg10: number }[] } {
  const { train, heldOut: all } = byBasket ? holdLastBaskets(log) : holdLastDays(log);
  const heldOut = byBasket ? everyNth(all, mostCompared) : all;
  const say = (name: string, scores: readonly number[]): void =>
    progress.step(`${name}: ndcg@10 ${meanOf(scores).toFixed(4)} on ${scores.length} held-out baskets`);
  const measured = candidates
    .filter((candidate) => candidate.name !== "random")
    .map((candidate): Measured => {
      const scorer = candidate.fit(train, true);
      const lists = heldOut.map(({ query }) => {
        const scores = new Float64Array(log.itemCount);
        scorer.addScores(query, scores);
        return topK(scores, rankedDepth);
      });
      const scores = lists.map((list, at) => ndcgAtK(list, heldOut[at]!.truth, 10));
      say(candidate.name, scores);
      return { candidate, scorer, lists, scores };
    });
  const best = measured.reduce((a, b) => (meanOf(b.scores) > meanOf(a.scores) ? b : a));
  const tuned = best.candidate.tuned?.(best.scorer, everyNth(all, mostTuned));
  const blend = tuned === undefined ? bestBlend(best, measured, heldOut) : undefined;
  if (blend !== undefined) say(blend.name, blend.scores);
  const isBlend = blend !== undefined && leads(blend.scores, best.scores);
  return {
    chosen: tuned ?? (isBlend ? blendCandidates(blend, best.candidate) : best.candidate),
    validation: [
      ...measured.map(({ candidate, scores }) => ({ name: candidate.name, scores })),
      ...(blend === undefined ? [] : [blend]),
    ].map(({ name, scores }) => ({ name, ndcg10: Number(meanOf(scores).toFixed(5)) })),
  };
}

interface Blend {
  readonly name: string;
  readonly share: number;
  readonly other: BasketCandidate;
  readonly scores: readonly number[];
}

/** The best of all blends of the best model with one of another kind, by what they had listed. */
function bestBlend(
  best: Measured,
  measured: readonly Measured[],
  heldOut: readonly HeldQuestion[],
): Blend | undefined {
  const others = measured.filter(({ candidate }) => kindOf(candidate) !== kindOf(best.candidate));
  const blends = others.flatMap((other) =>
    blendShares.map((share): Blend => ({
      name: `${share} ${best.candidate.name} + ${Number((1 - share).toFixed(1))} ${other.candidate.name}`,
      share,
      other: other.candidate,
      scores: heldOut.map(({ truth }, at) =>
        ndcgAtK(joinLists(best.lists[at]!, other.lists[at]!, share), truth, 10),
      ),
    })),
  );
  return blends.length === 0
    ? undefined
    : blends.reduce((a, b) => (meanOf(b.scores) > meanOf(a.scores) ? b : a));
}

/** A candidate's name without its settings. */
function kindOf({ name }: BasketCandidate): string {
  return name.split(" ")[0]!;
}

/** The first ten of two lists joined as `blendByRank` joins them. */
function joinLists(one: readonly number[], other: readonly number[], share: number): number[] {
  const worth = new Map<number, number>();
  one.forEach((item, place) => worth.set(item, share * worthOfPlace(place)));
  other.forEach((item, place) => worth.set(item, (worth.get(item) ?? 0) + (1 - share) * worthOfPlace(place)));
  const items = [...worth.keys()];
  return topK([...worth.values()], 10).map((at) => items[at]!);
}

function blendCandidates({ name, share, other }: Blend, best: BasketCandidate): BasketCandidate {
  return {
    name,
    fit: (log) =>
      blendByRank(name, [
        { scorer: best.fit(log), weight: share },
        { scorer: other.fit(log), weight: 1 - share },
      ]),
  };
}

function leads(scores: readonly number[], others: readonly number[]): boolean {
  const gaps = scores.map((score, at) => score - others[at]!);
  const mean = meanOf(gaps);
  const spread = Math.sqrt(meanOf(gaps.map((gap) => (gap - mean) ** 2)));
  return mean > (neededLead * spread) / Math.sqrt(Math.max(1, gaps.length));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
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
  return {
    train: { ...log, byUser: log.byUser.map((baskets) => baskets.slice(0, cut(baskets))) },
    heldOut,
  };
}

/** Every n-th of a list, so that no more than `most` are left. */
function everyNth<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, Math.ceil(list.length / most));
  return list.filter((_, at) => at % step === 0);
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
      ...log,
      byUser: log.byUser.map((baskets) => baskets.filter((basket) => !(basket.day >= from))),
    },
    heldOut,
  };
}
