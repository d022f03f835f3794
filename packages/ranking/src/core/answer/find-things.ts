import type { BaseResult } from "./base-result.ts";
import type { CatalogIndex } from "../index/catalog-index.ts";
import type { MatchOptions } from "../index/search-index.ts";
import { splitQuery } from "../query/split-query.ts";
import { tokenize, tokenizeQuery } from "../words/tokenize.ts";

/** What is left of the relevance of what is made of a thing ("Apple butter") where the shop has the thing itself. */
const madeOfIt = 0.6;

/**
 * Products by words, the thing that the last word names before what is only called after it: who types "apples" wants apples, in
 * whatever season, before apple butter, and "cherries" no cherry tomatoes. A name says what it is by its last word (`headOf`).
 * What is of one category with the thing itself counts as it: chicken thighs are as much chicken as a whole one.
 */
export function findThings(index: CatalogIndex, query: string, options?: MatchOptions): BaseResult {
  const found = index.text.match(query, options);
  const words = index.text.lastWords(found.correctedQuery ?? query, { prefix: false, fuzzy: false });
  const { head, category } = index.columns;
  const isThing = index.heads.names.map((name) => words.has(name));
  const categories = new Set<number>();
  for (const slot of found.slots) if (isThing[head[slot]!]) categories.add(category[slot]!);
  if (categories.size === 0) return found;
  const named = [...words];
  const relevance = found.relevance.map((value, at) => {
    const slot = found.slots[at]!;
    if (categories.has(category[slot]!) || !named.some((word) => index.text.isNamed(slot, word)))
      return value;
    return value * madeOfIt;
  });
  return { ...found, relevance: shareOfBest(relevance) };
}

/** What is left of the relevance of what was asked for where it is another farm's, and what the farm's other goods have. */
const ofAnotherFarm = 0.6;
const otherOfTheFarm = 0.2;

/** Words beside a farm's name that ask for nothing. */
const saysNothing: ReadonlySet<string> = new Set([
  "farm",
  "good",
  "market",
  "product",
  "produce",
  "shop",
  "stall",
  "stand",
]);

/**
 * "Fern Bank eggs": the farm's eggs, then the eggs of others, then what else the farm has. The words of its name find nothing
 * else, so that "Pear Tree Lane apples" are no pears.
 *
 * @returns nothing for a query that does not name a farm, in two words or more, beside something that is there
 */
export function findFromFarm(
  index: CatalogIndex,
  query: string,
  options?: MatchOptions,
): BaseResult | undefined {
  const named = readFarm(index, query);
  if (named === undefined) return undefined;
  const found = findThings(index, named.rest, options);
  if (found.slots.length === 0) return undefined;
  const { farm } = index.columns;
  const isOfFarm = (slot: number): boolean => farm[slot] === index.farms.find(named.farmId);
  const among = new Set(found.slots);
  const others = index.allSlots().filter((slot) => isOfFarm(slot) && !among.has(slot));
  const slots = Uint32Array.from([...found.slots, ...others]);
  const relevance = Float64Array.from(slots, (slot, at) => {
    const own = found.relevance[at];
    if (own === undefined) return otherOfTheFarm;
    return isOfFarm(slot) ? own : own * ofAnotherFarm;
  });
  const withFarm = (words: string | undefined) => words && `${named.typedName} ${words}`;
  return index.text.withoutUnwanted(
    {
      ...found,
      slots,
      relevance: shareOfBest(relevance),
      correctedQuery: withFarm(found.correctedQuery),
      offeredQuery: withFarm(found.offeredQuery),
    },
    query,
  );
}

interface NamedFarm {
  readonly farmId: string;
  /** The name as it was typed, without marks. */
  readonly typedName: string;
  /** The query without it. */
  readonly rest: string;
}

function readFarm(index: CatalogIndex, query: string): NamedFarm | undefined {
  const { wanted, typedUnwanted } = splitQuery(query);
  const tokens = tokenize(wanted);
  for (let length = tokens.length - 1; length >= 2; length--) {
    for (let from = 0; from + length <= tokens.length; from++) {
      const name = tokens.slice(from, from + length);
      const farmId = index.farmNamed(name.map(({ term }) => term).join(" "));
      if (farmId === undefined) continue;
      const others = [...tokens.slice(0, from), ...tokens.slice(from + length)].map(({ surface }) => surface);
      if (!tokenizeQuery(others.join(" ")).some(({ term }) => !saysNothing.has(term))) return undefined;
      return {
        farmId,
        typedName: name.map(({ surface }) => surface).join(" "),
        rest: [...others, ...typedUnwanted].join(" "),
      };
    }
  }
  return undefined;
}

function shareOfBest(relevance: Float64Array): Float64Array {
  const best = relevance.reduce((most, value) => Math.max(most, value), 0);
  return best > 0 ? relevance.map((value) => value / best) : relevance;
}
