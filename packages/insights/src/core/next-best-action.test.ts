import { describe, expect, it } from "vitest";
import { rankActions, type Situation } from "./next-best-action.ts";

const calm: Situation = {
  segment: "BUYER",
  cartCents: 0,
  dueProducts: 0,
  unratedOrders: 0,
  usualBasketCents: 2_500,
  messages7: 0,
  cap: 3,
  mayContact: true,
};
const best = (change: Partial<Situation>) => rankActions({ ...calm, ...change })[0]!.action;

describe("the next best action", () => {
  it("reminds of a basket while its order window runs out", () => {
    expect(best({ cartCents: 2_400, hoursToClose: 10 })).toBe("REMIND_CART");
  });

  it("is to do nothing at the cap, and for whom one may not write to", () => {
    const waiting = { cartCents: 9_000, hoursToClose: 10 };
    expect(rankActions({ ...calm, ...waiting, messages7: 3 })).toEqual([
      { action: "DO_NOTHING", valueCents: 0, why: "had 3 messages in seven days" },
    ]);
    expect(best({ ...waiting, mayContact: false })).toBe("DO_NOTHING");
  });

  it("is to do nothing where a message is worth less than the patience it costs", () => {
    expect(best({ cartCents: 80, hoursToClose: 10 })).toBe("DO_NOTHING");
    expect(best({ cartCents: 600, hoursToClose: 10, messages7: 2 })).toBe("REMIND_CART");
    expect(best({ cartCents: 300, hoursToClose: 10, messages7: 2 })).toBe("DO_NOTHING");
  });

  it("does not remind of a basket that can wait", () => {
    expect(best({ cartCents: 5_000, hoursToClose: 90 })).toBe("DO_NOTHING");
  });

  it("wins nobody back while no market takes orders: a closed season is not absence", () => {
    expect(best({ daysSinceOrder: 60 })).toBe("DO_NOTHING");
    expect(best({ daysSinceOrder: 60, hoursToClose: 70 })).toBe("WIN_BACK");
  });

  it("wins back whom the model fears for, by what is likely to be lost, before a month of absence shows it", () => {
    const churn = {
      isAtRisk: true,
      probability: 0.4,
      valueCents: 20_000,
      reason: "the pauses between orders grow",
    };
    const [first] = rankActions({ ...calm, daysSinceOrder: 12, hoursToClose: 70, churn });
    // .02 of .4 x 20,000 cents, less the 10 that a first message costs.
    expect(first).toEqual({
      action: "WIN_BACK",
      valueCents: 150,
      why: "may stay away: the pauses between orders grow",
    });
    expect(best({ daysSinceOrder: 12, churn })).toBe("DO_NOTHING");
    expect(best({ daysSinceOrder: 12, hoursToClose: 70, churn: { ...churn, isAtRisk: false } })).toBe(
      "DO_NOTHING",
    );
  });

  it("ranks all that may be done, and never claims a gain for doing nothing", () => {
    const ranked = rankActions({
      ...calm,
      cartCents: 2_000,
      hoursToClose: 5,
      dueProducts: 2,
      unratedOrders: 1,
    });
    expect(ranked.map(({ action }) => action)).toEqual([
      "REMIND_CART",
      "BUY_AGAIN",
      "ASK_RATING",
      "DO_NOTHING",
    ]);
    expect(ranked.at(-1)!.valueCents).toBe(0);
  });
});
