import { describe, expect, it } from "vitest";
import type { Basket, BasketLog } from "../baskets.ts";
import { readLatelyBought } from "./lately.ts";
import { fitUserTaste, historyOf } from "./user-taste.ts";

function logOf(itemCount: number, ...users: number[][][]): BasketLog {
  return {
    itemCount,
    byUser: users.map((baskets, user) =>
      baskets.map((items, order): Basket => ({ user, order, day: NaN, items })),
    ),
  };
}

describe("what everybody buys lately", () => {
  const log = logOf(3, [[0], [0, 1], [2]], [[0]]);

  it("counts each basket a share of the next one of the same user", () => {
    expect([...readLatelyBought(log, 0.5).popularity]).toEqual([1.75, 0.5, 1].map((sum) => sum / 2.75));
    expect([...readLatelyBought(log, 1).popularity]).toEqual([3 / 4, 1 / 4, 1 / 4]);
  });

  it("takes as taken up only what is bought first after the first basket", () => {
    expect([...readLatelyBought(log, 0.5).takeUp]).toEqual([0, 0.5 / 1.5, 1 / 1.5]);
  });
});

describe("the taste of a user", () => {
  it("goes with what people buy who bought the same", () => {
    const users = Array.from({ length: 400 }, (_, user) => (user % 2 === 0 ? [[0], [1]] : [[2], [3]]));
    const scores = new Float64Array(4);
    fitUserTaste(logOf(4, ...users))!.addScores({ items: [0], weights: [1] }, scores);
    expect(scores[1]).toBeGreaterThan(scores[3]!);
  });

  it("counts the tenth purchase less than the first", () => {
    const past = logOf(2, [[0], [0], [0, 1]]).byUser[0]!;
    expect(historyOf(past)).toEqual({ items: [0, 1], weights: [1 + Math.log(3), 1] });
  });

  it("is not asked for in a catalogue that it would cost too much for", () => {
    expect(fitUserTaste({ itemCount: 2_001, byUser: [] })).toBeUndefined();
  });
});
