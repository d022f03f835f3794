import { days, seededRng, type Rng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { churnLabel, churnWindowDays, isAway } from "./churn-label.ts";
import { churnRows, splitByTime } from "./churn-rows.ts";
import { featuresOf, reasonOf, shopperFeatures } from "./features.ts";
import { knownBy, type ActFact, type OrderFact, type ShopperHistory } from "./history.ts";
import { lifetimeInput } from "./lifetime-model.ts";
import { MarketSeason, epochDay } from "./season.ts";

const year = (text: string): number => new Date(`${text}T12:00:00Z`).getTime();
/** A weekly market from April to October. */
const summerMarket = (until: number, from = year("2023-04-01")): MarketSeason => {
  const active: number[] = [];
  for (let at = from; at <= until; at += days(7)) {
    const month = new Date(at).getUTCMonth() + 1;
    if (month >= 4 && month <= 10) active.push(epochDay(at));
  }
  return new MarketSeason(active, epochDay(until));
};
const order = (at: number, change: Partial<OrderFact> = {}): OrderFact => ({
  at,
  cents: 2_000,
  lines: 4,
  market: "m",
  ...change,
});
const weekly = (from: string, count: number): OrderFact[] =>
  Array.from({ length: count }, (_, week) => order(year(from) + week * days(7)));

describe("a market's season", () => {
  const season = summerMarket(year("2025-12-31"));

  it("counts open days alone", () => {
    expect(season.openDaysBetween(year("2024-06-01"), year("2024-07-01"))).toBe(30);
    expect(season.openDaysBetween(year("2024-12-01"), year("2025-03-01"))).toBe(0);
    expect(season.isOpen(year("2024-07-03"))).toBe(true);
    expect(season.isOpen(year("2025-01-15"))).toBe(false);
  });

  it("tells of a day by that day and those before it", () => {
    const at = year("2024-05-20");
    const early = summerMarket(at);
    expect(early.openDaysBetween(year("2024-04-10"), at)).toBe(
      season.openDaysBetween(year("2024-04-10"), at),
    );
  });

  it("finds the moment at which so many open days are full, over a winter", () => {
    const from = year("2024-10-20");
    const at = season.momentAfter(from, 60)!;
    expect(new Date(at).getUTCFullYear()).toBe(2025);
    expect(season.openDaysBetween(from, at - 1)).toBe(60);
    expect(season.momentAfter(year("2025-10-20"), 60)).toBeUndefined();
  });
});

describe("a fact in words", () => {
  it("is told where it is known, or says by itself that it is not", () => {
    const unknown = shopperFeatures.map((feature) => reasonOf(feature, Number.NaN));
    expect(new Set(unknown)).toEqual(new Set(["has ordered only once", undefined]));
    const visit = shopperFeatures.find(({ name }) => name === "daysSinceVisit")!;
    const orders = shopperFeatures.find(({ name }) => name === "orders90")!;
    expect([0, 1, 4, 5].map((value) => reasonOf(orders, value))).toEqual([
      "no order in the last 90 open days",
      "1 order in the last 90 open days",
      "4 orders in the last 90 open days",
      undefined,
    ]);
    expect([1, 12, 90].map((value) => reasonOf(visit, value))).toEqual([
      "was last here 1 day ago",
      "was last here 12 days ago",
      "was not here for 90 days or longer",
    ]);
  });
});

describe("the label of churn", () => {
  const until = year("2025-12-31");
  const season = summerMarket(until);
  const seasonOf = () => season;
  const labelAt = (orders: OrderFact[], at: string) => {
    const history = { orders, acts: [] };
    const known = knownBy(history, year(at), seasonOf)!;
    return churnLabel(known, history, until);
  };

  it("is sixty open days, or three usual gaps where that is longer", () => {
    const known = (orders: OrderFact[]) => knownBy({ orders, acts: [] }, year("2025-09-01"), seasonOf)!;
    expect(churnWindowDays(known(weekly("2025-06-01", 6)))).toBe(60);
    const monthly = [0, 1, 2, 3].map((n) => order(year("2025-05-01") + n * days(30)));
    expect(churnWindowDays(known(monthly))).toBe(90);
  });

  it("is churn when no order comes, and none when one does", () => {
    expect(labelAt(weekly("2024-06-01", 4), "2024-07-01")).toMatchObject({ label: 1 });
    expect(labelAt([...weekly("2024-06-01", 4), order(year("2024-08-20"))], "2024-07-01")).toMatchObject({
      label: 0,
    });
  });

  it("does not count an order that was cancelled in the end", () => {
    const cancelled = order(year("2024-08-01"), { cancelledAt: year("2024-08-02") });
    expect(labelAt([...weekly("2024-06-01", 4), cancelled], "2024-07-01")).toMatchObject({ label: 1 });
  });

  it("is no churn when the market's winter lies between two orders", () => {
    const regular = [...weekly("2024-09-01", 8), ...weekly("2025-04-15", 4)];
    expect(labelAt(regular, "2024-10-25")).toMatchObject({ label: 0 });
  });

  it("is not told before its window is over, whatever happened in it", () => {
    expect(labelAt([...weekly("2025-09-01", 6), order(year("2025-10-20"))], "2025-10-15")).toBeUndefined();
  });

  it("takes nobody of a market that closed in November for gone in January", () => {
    const known = knownBy({ orders: weekly("2024-08-01", 10), acts: [] }, year("2025-01-15"), seasonOf)!;
    expect(isAway(known)).toBe(false);
    expect(known.season.isOpen(known.at)).toBe(false);
  });
});

describe("features", () => {
  const until = year("2025-12-31");
  const season = summerMarket(until);
  const seasonOf = () => season;
  const history = (rng: Rng): ShopperHistory => {
    const moments = (count: number) =>
      Array.from(
        { length: count },
        () => year("2024-01-01") + rng.int(600) * days(1) + rng.int(86_400_000),
      ).sort((a, b) => a - b);
    const orders = moments(1 + rng.int(30)).map((at) =>
      order(at, {
        cents: 500 + rng.int(5_000),
        lines: 1 + rng.int(9),
        ...(rng.next() < 0.2 && { cancelledAt: at + rng.int(200) * days(1) }),
      }),
    );
    const acts = moments(rng.int(60)).map((at): ActFact => ({
      at,
      knownAt: at + (rng.next() < 0.3 ? rng.int(40) * days(1) : 0),
      kind: rng.pick(["look", "search", "cart"]),
    }));
    return { orders, acts };
  };

  /** Everything that was not known at the moment is made into something else. */
  const poisoned = ({ orders, acts }: ShopperHistory, at: number, rng: Rng): ShopperHistory => ({
    orders: orders
      .map(({ cancelledAt, ...one }) => {
        if (one.at > at) return order(one.at + 1, { cents: 999_999, lines: 99 });
        const cancelledLater = cancelledAt === undefined || cancelledAt > at;
        return cancelledLater && rng.next() < 0.5
          ? { ...one, cancelledAt: at + 1 + rng.int(99) }
          : { ...one, ...(!cancelledLater && { cancelledAt }) };
      })
      .concat(order(at + 1), order(at + days(3))),
    acts: acts
      .filter((act) => act.at <= at && act.knownAt <= at)
      .concat({ at: at - 5, knownAt: at + 1, kind: "search" }, { at: at + 1, knownAt: at + 1, kind: "look" })
      .sort((a, b) => a.at - b.at),
  });

  it("do not change when all that was not known yet is altered", () => {
    const rng = seededRng(42);
    for (let round = 0; round < 300; round++) {
      const own = history(rng);
      const at = year("2024-03-01") + rng.int(560) * days(1);
      const known = knownBy(own, at, seasonOf);
      const otherwise = knownBy(poisoned(own, at, rng), at, seasonOf);
      expect(otherwise === undefined).toBe(known === undefined);
      if (!known || !otherwise) continue;
      expect(featuresOf(otherwise)).toEqual(featuresOf(known));
      expect(lifetimeInput(otherwise).subarray(0, 4)).toEqual(lifetimeInput(known).subarray(0, 4));
    }
  });

  it("change when what was known is altered, so that the test above can fail", () => {
    const own = { orders: weekly("2025-05-01", 8), acts: [] };
    const at = year("2025-07-01");
    const altered = { ...own, orders: own.orders.map((one) => ({ ...one, cents: 9_000 })) };
    expect(featuresOf(knownBy(altered, at, seasonOf)!)).not.toEqual(featuresOf(knownBy(own, at, seasonOf)!));
  });

  it("are within their declared bounds, or not known", () => {
    const rng = seededRng(7);
    for (let round = 0; round < 200; round++) {
      const known = knownBy(history(rng), year("2024-03-01") + rng.int(560) * days(1), seasonOf);
      if (!known) continue;
      featuresOf(known).forEach((value, column) => {
        const { min, max, name } = shopperFeatures[column]!;
        expect(Number.isNaN(value) || (value >= min && value <= max), name).toBe(true);
      });
    }
  });

  it("of somebody who ordered once leave out what takes two orders", () => {
    const known = knownBy({ orders: [order(year("2025-06-01"))], acts: [] }, year("2025-06-11"), seasonOf)!;
    const named = Object.fromEntries(shopperFeatures.map(({ name }, at) => [name, featuresOf(known)[at]]));
    expect(named).toMatchObject({
      openDaysSinceOrder: 10,
      ordersTotal: 1,
      typicalGapDays: Number.NaN,
      orders90: 1,
    });
  });
});

describe("examples of churn", () => {
  const until = year("2025-10-01");
  const season = summerMarket(until);

  it("are learned from only where their outcome was certain before the test begins", () => {
    const histories = Array.from({ length: 40 }, (_, at) => ({
      orders: weekly(`2024-05-${String(1 + (at % 28)).padStart(2, "0")}`, 5 + at),
      acts: [],
    }));
    const rows = churnRows(histories, () => season, until);
    const split = splitByTime(rows)!;
    expect(split.train.length).toBeGreaterThan(0);
    expect(split.train.every((row) => rows.certainAt[row]! <= split.testFrom)).toBe(true);
    expect(split.test.every((row) => rows.cutoff[row]! >= split.testFrom)).toBe(true);
  });

  it("are none while the market is closed, and none of who is gone", () => {
    const rows = churnRows([{ orders: weekly("2024-05-01", 4), acts: [] }], () => season, until);
    for (const cutoff of rows.cutoff) {
      expect(season.isOpen(cutoff)).toBe(true);
      expect(season.openDaysBetween(year("2024-05-22"), cutoff)).toBeLessThan(60);
    }
  });

  it("of nobody are none", () => {
    expect(splitByTime(churnRows([], () => season, until))).toBeUndefined();
  });
});
