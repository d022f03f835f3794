import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { challengerFeatureNames } from "../score/challenger.ts";
import { priorExamination } from "../clicks/examination.ts";
import { judgeOrder } from "./judge-order.ts";
import { learnRanking } from "./learn-ranking.ts";
import { servedCandidates, servedFeatureNames } from "./served-features.ts";
import { controlOrder, learnedOrder, simulateSearches, type Preference } from "./simulated-searches.ts";
import { trainingGroups, worthOf } from "./training-groups.ts";

const few = { effort: 0.1, leastClicks: 300, leastHeldOutClicks: 100 } as const;
const simulated = (preference: Preference, seed: number, searches = 2_000) =>
  simulateSearches({ searches, preference, rng: seededRng(seed) });

describe("what the served ranker sees", () => {
  const terms = { base: 1, personalization: 0, recency: 0.5, popularity: 0.2, seasonal: 0.1 };

  it("is the name beside the query, the five terms, and the price beside the middle one", () => {
    const candidates = [100, 200, 400, 0].map((priceCents) => ({ title: "Basil", terms, priceCents }));
    const { values, plain } = servedCandidates("basil", [2], candidates);
    const width = servedFeatureNames.length;
    expect(width).toBe(challengerFeatureNames.length + 1);
    const prices = candidates.map((_, at) => values[at * width + width - 1]);
    expect(prices.map((price) => Math.round(1_000 * price!))).toEqual([-693, 0, 693, 0]);
    expect(plain[0]).toBeCloseTo(0.4 + 0.05 + 0.02 + 0.01, 9);
  });
});

describe("what a click is worth", () => {
  const [example] = simulated("cheap", 1, 1).examples;
  const examination = priorExamination();

  it("is one over the chance that its place is looked at, three times that with an order, at most ten", () => {
    const worth = (clicked: number, hasOrder = false) =>
      worthOf({ ...example!, clicked, hasOrder }, examination);
    expect([worth(0), worth(3), worth(11), worth(3, true), worth(-1, true)]).toEqual([1, 4, 10, 12, 0]);
  });

  it("is how often its search is drawn: each as often as its worth asks for, to within one", () => {
    const { examples } = simulated("cheap", 5, 600);
    const groups = trainingGroups(examples, examination, 500);
    expect(groups.length).toBeGreaterThan(300);
    expect(groups.length).toBeLessThanOrEqual(500);
    const total = examples.reduce((sum, one) => sum + worthOf(one, examination), 0);
    const copies = new Map<string, number>();
    for (const { plain } of groups)
      copies.set(plain[0]!.toFixed(12), (copies.get(plain[0]!.toFixed(12)) ?? 0) + 1);
    for (const one of examples) {
      const { plain } = servedCandidates(
        one.query,
        one.idfs,
        one.titles.slice(0, 1).map((title, at) => ({
          title,
          priceCents: one.priceCents[at]!,
          terms: {
            base: one.terms[0]!,
            personalization: one.terms[1]!,
            recency: one.terms[2]!,
            popularity: one.terms[3]!,
            seasonal: one.terms[4]!,
          },
        })),
      );
      const drawn = copies.get(plain[0]!.toFixed(12)) ?? 0;
      expect(Math.abs(drawn - (worthOf(one, examination) / total) * groups.length)).toBeLessThan(1.01);
    }
  });

  it("is nothing to learn from where nobody opened anything", () => {
    const { examples } = simulated("cheap", 5, 50);
    expect(
      trainingGroups(
        examples.map((one) => ({ ...one, clicked: -1 })),
        examination,
        500,
      ),
    ).toEqual([]);
  });
});

describe("learning to re-rank from a log whose truth is known", () => {
  it("finds that shoppers open what is cheap, which no term says, and truly gets them more", () => {
    const learned = learnRanking(simulated("cheap", 1).examples, few);
    if (learned.verdict === "not_enough_data") expect.unreachable("there are enough clicks");
    expect(learned.verdict).toBe("better");
    expect(learned.heldOut.low).toBeGreaterThan(0);
    const fresh = simulated("cheap", 99, 800);
    expect(fresh.valueOf(learnedOrder(learned.model))).toBeGreaterThan(1.25 * fresh.valueOf(controlOrder));
  });

  it("promotes nothing where shoppers open one thing as gladly as another, or what the terms say already", () => {
    const verdicts = (["none", "as_scored"] as const).flatMap((preference) =>
      [1, 2, 3].map((seed) => learnRanking(simulated(preference, seed).examples, few).verdict),
    );
    expect(verdicts).toEqual(Array.from({ length: 6 }, () => "not_better"));
  });

  it("says that there is not enough, rather than guess", () => {
    const { examples } = simulated("cheap", 1, 400);
    const learned = learnRanking(examples);
    expect(learned.verdict).toBe("not_enough_data");
    expect(learned.searches).toBeGreaterThan(50);
    expect(learned.examination[0]).toBe(1);
    expect(learnRanking([]).verdict).toBe("not_enough_data");
  });

  it("has seen nothing of the searches that it is judged on", () => {
    const { examples } = simulated("cheap", 4);
    const poisoned = examples.map((one, at) =>
      at < 0.75 * examples.length ? one : { ...one, clicked: one.clicked < 0 ? -1 : 0 },
    );
    const clean = learnRanking(examples, few);
    const other = learnRanking(poisoned, few);
    if (clean.verdict === "not_enough_data" || other.verdict === "not_enough_data")
      expect.unreachable("there are enough clicks");
    expect(other.model).toEqual(clean.model);
    expect(other.heldOut).not.toEqual(clean.heldOut);
  });

  it("judges the control by the clicks that it really got, where it is what was served", () => {
    const { examples, examination } = simulated("as_scored", 3, 900);
    const learned = learnRanking(examples, few);
    if (learned.verdict === "not_enough_data") expect.unreachable("there are enough clicks");
    const figure = judgeOrder(learned.model, examples, { examination });
    expect(figure.control).toBeCloseTo(figure.clicks / figure.searches, 9);
  });
});
