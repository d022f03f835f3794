import { topK } from "@almanac/recsys/offline";
import type { BasketLog } from "@almanac/recsys/offline";
import { describe, expect, it } from "vitest";
import { chooseBasketModel } from "./choose-basket-model.ts";
import type { BasketCandidate } from "./choose-basket-model.ts";
import type { Progress } from "./progress.ts";

const silent: Progress = { step: () => undefined, share: () => () => undefined };
const itemCount = 40;

/** Everybody buys items 0 and 1 every time. */
const log: BasketLog = {
  itemCount,
  byUser: Array.from({ length: 30 }, (_, user) =>
    [0, 1, 2].map((order) => ({ user, order, day: NaN, items: [0, 1] })),
  ),
};

/** A model that lists these items first, in their order. */
function lists(name: string, ...first: number[]): BasketCandidate {
  return {
    name,
    fit: () => ({
      name,
      addScores: (_, scores) => first.forEach((item, place) => (scores[item]! += first.length - place)),
    }),
  };
}

function choose(...candidates: BasketCandidate[]) {
  const { chosen, validation } = chooseBasketModel(candidates, log, true, silent);
  const scores = new Float64Array(itemCount);
  chosen.fit(log).addScores({ user: 0, past: [], day: NaN }, scores);
  return { name: chosen.name, first: topK(scores, 2).sort((a, b) => a - b), validation };
}

describe("the choice of a model of next baskets", () => {
  it("is the best one on what was held back", () => {
    expect(choose(lists("bad", 7, 8, 9), lists("good", 0, 1, 2)).name).toBe("good");
  });

  it("is a blend with another kind where both know a part", () => {
    const { name, first, validation } = choose(lists("one 5", 0, 7, 8, 9), lists("two", 1, 17, 18, 19));
    expect(name).toMatch(/^0\.\d one 5 \+ 0\.\d two$/);
    expect(first).toEqual([0, 1]);
    expect(validation.map((model) => model.name)).toEqual(["one 5", "two", name]);
  });

  it("is no blend of two settings of one kind", () => {
    expect(choose(lists("one 5", 0, 7, 8, 9), lists("one 6", 1, 17, 18, 19)).name).toBe("one 5");
  });

  it("is the winner with the settings that it was tuned to, and no blend then", () => {
    const one = { ...lists("one", 0, 7, 8, 9), tuned: () => lists("one", 0, 1) };
    const { name, first } = choose(one, lists("two", 1, 17, 18, 19));
    expect(name).toBe("one");
    expect(first).toEqual([0, 1]);
  });

  it("is tuned on what all users held back, also where that is more than models are compared on", () => {
    const everybody = { itemCount, byUser: Array.from({ length: 1_000 }, () => log.byUser[0]!) };
    const said: string[] = [];
    const asked: number[] = [];
    const one: BasketCandidate = {
      ...lists("one", 0, 1),
      tuned: (_, questions) => (asked.push(questions.length), lists("one", 0, 1)),
    };
    chooseBasketModel([one], everybody, true, { ...silent, step: (text) => said.push(text) });
    expect(asked).toEqual([1_000]);
    expect(said).toEqual(["one: ndcg@10 1.0000 on 500 held-out baskets"]);
  });
});
