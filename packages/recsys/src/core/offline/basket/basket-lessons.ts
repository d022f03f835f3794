import type { Basket, BasketLog, BasketQuery } from "../baskets.ts";
import { fitBasketSources } from "./basket-sources.ts";
import type { BasketSources } from "./basket-sources.ts";
import type { PurchaseDiary } from "./purchase-diary.ts";

/** A question whose answer is known. */
export interface LessonSample {
  readonly query: BasketQuery;
  readonly truth: ReadonlySet<number>;
}

/** Questions with what was known before them. */
export interface Lesson {
  readonly sources: BasketSources;
  readonly samples: readonly LessonSample[];
}

export interface LessonOptions {
  /** Questions in all, at most. */
  readonly samples: number;
  /** Lessons, each with sources of its own. */
  readonly rounds: number;
}

/**
 * The latest baskets of each user, each asked for from the baskets before it. What is known of items and of other users must
 * not hold the baskets that are learned from, as counts of a rare item would give its basket away: each round asks for a
 * block of baskets and reads its sources from what lies before the block.
 */
export function* nextBasketLessons(
  log: BasketLog,
  diary: PurchaseDiary,
  { samples, rounds }: LessonOptions,
): Generator<Lesson> {
  const users = Math.max(1, log.byUser.length);
  const perUser = Math.max(1, Math.floor(samples / users));
  const blocks = Math.min(rounds, perUser);
  const size = Math.floor(perUser / blocks);
  for (let block = 0; block < blocks; block++) {
    const places = log.byUser.flatMap((baskets, user) => {
      const end = baskets.length - block * size;
      const from = Math.max(1, end - size);
      return Array.from({ length: Math.max(0, end - from) }, (_, i) => ({ user, at: from + i }));
    });
    yield {
      sources: fitBasketSources(withoutLatest(log, (block + 1) * size), diary),
      samples: evenly(places, samples / blocks).map(({ user, at }) => sampleOf(log.byUser[user]!, at)),
    };
  }
}

/** At most `count` of a list, spread evenly. */
function evenly<T>(list: readonly T[], count: number): T[] {
  const share = Math.min(1, count / Math.max(1, list.length));
  return list.filter((_, i) => Math.floor((i + 1) * share) > Math.floor(i * share));
}

function sampleOf(baskets: readonly Basket[], at: number): LessonSample {
  const { user, day, items } = baskets[at]!;
  return { query: { user, past: baskets.slice(0, at), day }, truth: new Set(items) };
}

/** The log without the latest `count` baskets of each user, who keep at least their first. */
function withoutLatest(log: BasketLog, count: number): BasketLog {
  return {
    ...log,
    byUser: log.byUser.map((baskets) => baskets.slice(0, Math.max(1, baskets.length - count))),
  };
}

/**
 * Stretches of `days` days that end with the log, the latest first: what each user buys in one, asked for on its first day
 * from all baskets before it.
 */
export function* stretchLessons(
  log: BasketLog,
  diary: PurchaseDiary,
  { samples, rounds, days }: LessonOptions & { readonly days: number },
): Generator<Lesson> {
  const last = log.byUser.reduce((day, baskets) => Math.max(day, baskets.at(-1)?.day ?? day), -Infinity);
  const end = Math.floor(last) + 1;
  for (let round = 1; round <= rounds; round++) {
    const from = end - round * days;
    const before = {
      ...log,
      byUser: log.byUser.map((baskets) => baskets.filter(({ day }) => day < from)),
    };
    const asked = log.byUser.flatMap((baskets, user): LessonSample[] => {
      const truth = new Set(
        baskets.flatMap(({ day, items }) => (day >= from && day < from + days ? items : [])),
      );
      return truth.size === 0 ? [] : [{ query: { user, past: before.byUser[user]!, day: from }, truth }];
    });
    if (before.byUser.every((baskets) => baskets.length === 0)) return;
    yield { sources: fitBasketSources(before, diary), samples: evenly(asked, samples / rounds) };
  }
}
