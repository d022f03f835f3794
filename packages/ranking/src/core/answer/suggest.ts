import type { CalendarDay } from "@almanac/kernel";
import { catalogFlags } from "../index/catalog-index.ts";
import type { CatalogIndex } from "../index/catalog-index.ts";
import type { MatchResult } from "../index/search-index.ts";
import { spreadMeanings } from "../index/spread.ts";
import { fold, tokenize } from "../words/tokenize.ts";

export interface Suggestions {
  readonly products: readonly { readonly id: string; readonly name: string }[];
  /** With the number of products in each. */
  readonly categories: readonly { readonly name: string; readonly count: number }[];
  readonly farms: readonly { readonly id: string; readonly name: string; readonly count: number }[];
  readonly correctedQuery: string | undefined;
}

/**
 * What a search box offers while a shopper types: products by how likely they are meant (`likelihoods`), and categories and
 * farms in whose name some word begins with what was typed. One name is offered once, however many farms sell it.
 *
 * @param limit most of each kind
 * @param today the market's calendar day, which says what is in season
 */
export function suggest(
  index: CatalogIndex,
  typed: string,
  { limit = 6, today }: { readonly limit?: number; readonly today: CalendarDay },
): Suggestions {
  if (typed.trim() === "") return { products: [], categories: [], farms: [], correctedQuery: undefined };
  const match = index.text.match(typed);
  const { slots, relevance, correctedQuery } = match;
  const likely = likelihoods(index, match, { words: correctedQuery ?? typed, today });
  const better = (a: number, b: number): number =>
    likely[b]! - likely[a]! || relevance[b]! - relevance[a]! || slots[a]! - slots[b]!;
  const products = new Map<string, { id: string; name: string }>();
  // Few names hide behind the first hundreds; where they do, everything is looked through.
  for (const depth of [Math.min(slots.length, 32 * limit), slots.length]) {
    for (const at of spreadMeanings(match, depth, better, { isTyping: true })) {
      if (products.size >= limit) break;
      const document = index.documentAt(slots[at]!);
      if (document === undefined) continue;
      const key = fold(document.name);
      if (!products.has(key)) products.set(key, { id: document.id, name: document.name });
    }
    if (products.size >= limit || depth === slots.length) break;
  }
  const wanted = fold(correctedQuery ?? typed).trim();
  return {
    products: [...products.values()],
    categories: matching(index.categories.names, index.countsOf("category"), {
      nameOf: (name) => name,
      foldedOf: fold,
      wanted,
      limit,
    }).map(({ value, count }) => ({ name: value, count })),
    farms: matching(index.farms.names, index.countsOf("farm"), {
      nameOf: (id) => index.farmName(id),
      foldedOf: (id) => index.foldedFarmName(id),
      wanted,
      limit,
    }).map(({ value, count }) => ({ id: value, name: index.farmName(value), count })),
    correctedQuery,
  };
}

/** What each sign that a match is meant counts; they sum to 1. */
const signs = { wordIsBought: 0.35, isPopular: 0.2, isAvailable: 0.15, isInSeason: 0.15, isHead: 0.15 };

/**
 * How likely each match is what was meant: its relevance by the signs for it. Two or three letters tell words apart badly
 * ("tom" is nearer to the end of tomme than of tomato), so between words that match about equally it decides how much each
 * is bought (all that it matches beside what the likeliest one does), how popular the product itself is, whether it is to
 * be had and in season, and whether the word is the thing itself ("Heirloom tomatoes") or goes with it ("Tomato chutney").
 *
 * @param words what was typed, corrected
 * @returns by position of the match, 0 to 1
 */
function likelihoods(
  index: CatalogIndex,
  { slots, relevance, meanings }: MatchResult,
  { words, today }: { readonly words: string; readonly today: CalendarDay },
): Float64Array {
  const { popularity, flags, head } = index.columns;
  const { score: season } = index.seasonOn(today);
  const begun = tokenize(words).at(-1);
  const isMeant = index.heads.names.map((name) => begun !== undefined && name.startsWith(begun.term));
  const demands = demandOf(meanings, (at) => popularity[slots[at]!]!);
  const likely = new Float64Array(slots.length);
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at]!;
    const signed =
      signs.wordIsBought * (demands[meanings?.[at] ?? 0] ?? 1) +
      signs.isPopular * popularity[slot]! +
      signs.isAvailable * ((flags[slot]! & catalogFlags.available) !== 0 ? 1 : 0) +
      signs.isInSeason * season[slot]! +
      signs.isHead * (isMeant[head[slot]!] ? 1 : 0);
    likely[at] = relevance[at]! * signed;
  }
  return likely;
}

/**
 * How much each word that may be meant is bought, beside the most bought one, 0 to 1 by its meaning. By the root: twice the
 * products are not twice as likely. The word as it was typed counts fully.
 */
function demandOf(meanings: Uint16Array | undefined, popularityAt: (at: number) => number): number[] {
  const sums: number[] = [];
  meanings?.forEach((meaning, at) => {
    if (meaning > 0) sums[meaning] = (sums[meaning] ?? 0) + popularityAt(at);
  });
  const most = sums.reduce((greatest, sum) => Math.max(greatest, sum), 0);
  const demands = sums.map((sum) => (most > 0 ? Math.sqrt(sum / most) : 1));
  demands[0] = 1;
  return demands;
}

interface Matched {
  readonly nameOf: (value: string) => string;
  /** The name folded. */
  readonly foldedOf: (value: string) => string;
  readonly wanted: string;
  readonly limit: number;
}

function matching(
  values: readonly string[],
  counts: Uint32Array,
  { nameOf, foldedOf, wanted, limit }: Matched,
): { value: string; count: number }[] {
  const begun = ` ${wanted}`;
  const found: { value: string; count: number }[] = [];
  values.forEach((value, at) => {
    const count = counts[at]!;
    if (count > 0 && ` ${foldedOf(value)}`.includes(begun)) found.push({ value, count });
  });
  return found
    .sort((a, b) => b.count - a.count || (nameOf(a.value) < nameOf(b.value) ? -1 : 1))
    .slice(0, limit);
}
