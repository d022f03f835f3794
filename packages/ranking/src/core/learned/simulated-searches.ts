import type { Rng } from "@almanac/kernel";
import { examinationAt } from "../clicks/examination.ts";
import { computeFinalScore, rankingTerms } from "../score/final-score.ts";
import type { LoggedExample } from "./logged-example.ts";
import { candidatesOf } from "./logged-example.ts";
import { orderOf, rerank, type RankModel } from "../score/rank-model.ts";
import { servedCandidates } from "./served-features.ts";

/**
 * What shoppers of a made-up shop truly open: what is cheap, which the five terms know nothing of; what the five terms say
 * already; or one thing as gladly as another.
 */
export type Preference = "cheap" | "as_scored" | "none";

export interface SimulatedSearches {
  readonly examples: readonly LoggedExample[];
  /** Chance that each place is looked at. */
  readonly examination: readonly number[];
  /** Clicks a search that an order of what was shown truly gets. */
  valueOf(order: (example: LoggedExample) => readonly number[]): number;
}

const words = ["tomato", "basil", "cheese", "eggs", "apple", "honey", "bread", "lettuce", "peach", "carrot"];
const kinds = ["heirloom", "small", "young", "early", "sweet", "wild", "dried", "red"];
const shown = 12;

/**
 * Searches served by the five terms to shoppers whose clicks follow a known truth, with place k looked at in one of k cases.
 * The terms of a product change from day to day, so that it is seen at many places.
 */
export function simulateSearches({
  searches,
  preference,
  rng,
}: {
  searches: number;
  preference: Preference;
  rng: Rng;
}): SimulatedSearches {
  const examination = Array.from({ length: shown }, (_, at) => 1 / (at + 1));
  const examples = Array.from({ length: searches }, (_, at) => {
    const example = unseenSearch(at, rng);
    const attraction = attractionOf(example, preference);
    const clicked = attraction.findIndex((chance, place) => rng.next() < examination[place]! * chance);
    return { ...example, clicked, hasOrder: clicked >= 0 && rng.next() < 0.2 };
  });
  return {
    examples,
    examination,
    valueOf(order) {
      const total = examples.reduce((sum, example) => {
        const attraction = attractionOf(example, preference);
        const none = order(example).reduce(
          (chance, item, place) => chance * (1 - examinationAt(examination, place + 1) * attraction[item]!),
          1,
        );
        return sum + 1 - none;
      }, 0);
      return total / examples.length;
    },
  };
}

/** The order of the control, and of a model, as `valueOf` takes them. */
export const controlOrder = (example: LoggedExample): readonly number[] =>
  orderOf(servedCandidates(example.query, example.idfs, candidatesOf(example)).plain);
export const learnedOrder =
  (model: RankModel) =>
  (example: LoggedExample): readonly number[] =>
    orderOf(rerank(model, servedCandidates(example.query, example.idfs, candidatesOf(example))));

function unseenSearch(at: number, rng: Rng): LoggedExample {
  const word = rng.int(words.length);
  const products = Array.from({ length: shown }, (_, k) => {
    const terms = rankingTerms.map((term) => (term === "base" ? 0.6 + 0.4 * rng.next() : rng.next()));
    return {
      id: `${word}/${k}`,
      title: `${kinds[k % kinds.length]} ${words[word]}`,
      terms,
      // A product keeps its price, a little up or down.
      priceCents: Math.round(200 + 90 * ((k * 5 + word) % shown) + 60 * rng.next()),
      score: computeFinalScore(
        Object.fromEntries(rankingTerms.map((term, i) => [term, terms[i]])) as Parameters<
          typeof computeFinalScore
        >[0],
      ),
    };
  }).sort((a, b) => b.score - a.score);
  return {
    query: words[word]!,
    idfs: [2],
    productIds: products.map(({ id }) => id),
    titles: products.map(({ title }) => title),
    terms: products.flatMap(({ terms }) => terms),
    priceCents: products.map(({ priceCents }) => priceCents),
    clicked: -1,
    hasOrder: false,
    shopper: `shopper ${rng.int(400)}`,
    at,
  };
}

/** Chance that each product is opened when it is looked at. */
function attractionOf(example: LoggedExample, preference: Preference): number[] {
  const { priceCents } = example;
  if (preference === "none") return priceCents.map(() => 0.25);
  if (preference === "cheap")
    return priceCents.map((price) => 0.04 + 0.5 / (1 + Math.exp((price - 480) / 90)));
  return candidatesOf(example).map(({ terms }) => 0.04 + 0.5 * computeFinalScore(terms) ** 2);
}
