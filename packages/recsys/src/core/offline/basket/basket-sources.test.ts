import { describe, expect, it } from "vitest";
import type { Basket, BasketLog } from "../baskets.ts";
import { gatherCandidates } from "./basket-candidates.ts";
import { basketFeatureCount, basketFeatures, tifuRankColumn } from "./basket-features.ts";
import { fitBasketSources } from "./basket-sources.ts";
import { monthOf, weekdayOf } from "./calendar.ts";
import { followRules, spreadOver } from "./follow-rules.ts";
import { readItemStatistics } from "./item-statistics.ts";
import { purchasesOf, shapeOf } from "./own-history.ts";
import { fitSituationKnn } from "./situation-knn.ts";

/** A log of users, each a list of baskets, each a list of items; a week apart when dated. */
function logOf(users: number[][][], firstDay = NaN): BasketLog {
  return {
    itemCount: 1 + Math.max(0, ...users.flat(2)),
    byUser: users.map((baskets, user) =>
      baskets.map((items, order): Basket => ({ user, order, day: firstDay + 7 * order, items })),
    ),
  };
}

describe("statistics of items", () => {
  const statistics = readItemStatistics(
    logOf([
      [[0], [0, 1], [0]],
      [[0], [2]],
    ]),
  );

  it("counts baskets for popularity, and a user's latest basket for the latest", () => {
    expect([...statistics.popularity]).toEqual([4 / 5, 1 / 5, 1 / 5]);
    expect([...statistics.latestPopularity]).toEqual([1 / 2, 0, 1 / 2]);
  });

  it("takes as taken up only what is bought first after the first basket", () => {
    expect([...statistics.takeUp]).toEqual([0, 1 / 3, 1 / 3]);
  });

  it("pulls the repeat rate of a rare item to the mean", () => {
    // Item 0 came again 2 times of 3, item 1 never of 1: the mean is 2 / 4.
    expect(statistics.repeatRate[0]).toBeCloseTo((2 + 5) / 13);
    expect(statistics.repeatRate[1]).toBeCloseTo((0 + 5) / 11);
    expect(statistics.repeatRate[2]).toBeCloseTo(1 / 2);
  });

  it("lets late purchases count more in the share of an item, and all alike without dates", () => {
    const dated = readItemStatistics(logOf([[[0], [], [], [], [], [], [], [], [1]]], 100));
    // Eight weeks before the last basket, a purchase counts half.
    expect([...dated.recentShare]).toEqual([1 / 3, 2 / 3]);
    expect([...statistics.recentShare]).toEqual([4 / 6, 1 / 6, 1 / 6]);
  });

  it("has a lift of one everywhere without dates", () => {
    expect(new Set(statistics.calendarLift)).toEqual(new Set([1]));
  });
});

describe("rules from one basket to the next", () => {
  const rules = followRules(
    logOf([
      [[0], [1], [0], [1]],
      [[0, 2], [0]],
    ]),
  );

  it("say what follows, not what comes again", () => {
    expect([
      ...spreadOver(rules, [{ user: 0, order: 0, day: NaN, items: [0] }], { depth: 1, decay: 1, limit: 9 }),
    ]).toEqual([[1, 2 / 13]]);
  });

  it("are empty where nothing follows", () => {
    expect(followRules(logOf([[[0, 1]]])).columns).toHaveLength(0);
  });
});

describe("neighbours among moments", () => {
  it("vote for what came next, those of the own past apart", () => {
    const log = logOf([
      [[0], [1], [0], [1]],
      [[2], [3]],
      [[0], [4]],
    ]);
    const { all, own } = fitSituationKnn(log)([{ user: 0, order: 9, day: NaN, items: [0] }], 0);
    expect([...all.keys()].sort((a, b) => a - b)).toEqual([0, 1, 4]);
    expect(own.get(1)).toBeGreaterThan(own.get(0) ?? 0);
    expect(own.has(4)).toBe(false);
  });

  it("say the same whatever was asked before", () => {
    const askAbout = fitSituationKnn(logOf([[[0], [1], [2], [0], [1]]]));
    const ask = (item: number) => [...askAbout([{ user: 0, order: 9, day: NaN, items: [item] }], 0).all];
    const first = ask(0);
    expect(ask(2)).not.toEqual(first);
    expect(ask(0)).toEqual(first);
  });

  it("have nothing to say to somebody without a past", () => {
    expect(fitSituationKnn(logOf([[[0], [1]]]))([], -1).all.size).toBe(0);
  });
});

describe("a user's own purchases", () => {
  const past = logOf([[[0], [1], [0], [1], [0, 1]]], 100).byUser[0]!;

  it("are told in baskets and in days", () => {
    const own = purchasesOf(past, [0, 2, 4], 135);
    expect(own).toMatchObject({ sinceBaskets: 1, sinceDays: 7, meanGapBaskets: 2, medianGapDays: 14 });
    expect(own.inLast).toEqual({ 2: 1, 5: 3, 10: 3 });
  });

  it.each([135, 135.5, 135 + 4_000])("fade by days and weekdays on day %d", (day) => {
    const ages = [100, 114, 128].map((bought) => day - bought);
    const own = purchasesOf(past, [0, 2, 4], day);
    expect(own.fadingDays[2]).toBeCloseTo(
      ages.reduce((sum, age) => sum + 2 ** (-age / 180), 0),
      12,
    );
    const sameWeekday = ages.filter((age) => Math.floor(age) % 7 === 0);
    expect(own.fadingWeekday).toBeCloseTo(
      sameWeekday.reduce((sum, age) => sum + 0.8 ** Math.round(age / 7), 0),
      12,
    );
  });

  it("have no gap when there was one only, and no age when there was none", () => {
    expect(purchasesOf(past, [4], 135).meanGapBaskets).toBeNaN();
    expect(purchasesOf(past, [], 135).sinceDays).toBeNaN();
  });

  it("give the share of repeats of all baskets after the first, shrunk", () => {
    // Of 5 items after the first basket, 4 had been bought before.
    expect(shapeOf(past, 135).repeatShare).toBeCloseTo((4 + 1) / (5 + 4));
  });
});

describe("features of candidates", () => {
  const sources = fitBasketSources(
    logOf([
      [[0, 1], [0], [2]],
      [[1], [3]],
    ]),
  );

  it("cover own items first, then new ones, each once", () => {
    const { items } = gatherCandidates(sources, { user: 1, past: [], day: NaN });
    expect([...items].sort((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    const known = gatherCandidates(sources, {
      user: 1,
      past: [{ user: 1, order: 0, day: NaN, items: [3] }],
      day: NaN,
    });
    expect(known.items[0]).toBe(3);
    expect(new Set(known.items).size).toBe(known.items.length);
  });

  it("fill as many columns as promised, with nothing infinite", () => {
    const query = { user: -1, past: [{ user: -1, order: 0, day: NaN, items: [0] }], day: NaN };
    const rows = basketFeatures(sources, query, gatherCandidates(sources, query));
    expect(rows.length % basketFeatureCount(sources)).toBe(0);
    expect([...rows].every((value) => Number.isNaN(value) || Number.isFinite(value))).toBe(true);
    // An own item has the first place by TIFU-kNN.
    expect(rows[tifuRankColumn]).toBe(0);
  });
});

describe("the calendar", () => {
  it("knows days before 1970 too", () => {
    expect([weekdayOf(0), weekdayOf(6), weekdayOf(7), weekdayOf(-1)]).toEqual([0, 6, 0, 6]);
    expect([monthOf(0), monthOf(40), monthOf(-5)]).toEqual([0, 1, 11]);
    expect(monthOf(NaN)).toBeNaN();
  });
});
