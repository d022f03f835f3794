import type { CatalogIndex } from "./catalog-index.ts";
import { spreadMeanings } from "./spread.ts";
import { fold } from "./tokenize.ts";

export interface Suggestions {
  readonly products: readonly { readonly id: string; readonly name: string }[];
  /** With the number of products in each. */
  readonly categories: readonly { readonly name: string; readonly count: number }[];
  readonly farms: readonly { readonly id: string; readonly name: string; readonly count: number }[];
  readonly correctedQuery: string | undefined;
}

/**
 * What a search box offers while a shopper types: products by relevance (then popularity), and categories and farms in
 * whose name some word begins with what was typed. One name is offered once, however many farms sell it.
 *
 * @param limit most of each kind
 */
export function suggest(index: CatalogIndex, typed: string, limit = 6): Suggestions {
  if (typed.trim() === "") return { products: [], categories: [], farms: [], correctedQuery: undefined };
  const match = index.text.match(typed);
  const { slots, relevance, correctedQuery } = match;
  const { popularity } = index.columns;
  /** Nearly equal relevance counts as equal: steps of a twentieth. */
  const step = (at: number): number => Math.round(relevance[at]! * 20);
  const better = (a: number, b: number): number =>
    step(b) - step(a) ||
    popularity[slots[b]!]! - popularity[slots[a]!]! ||
    relevance[b]! - relevance[a]! ||
    slots[a]! - slots[b]!;
  const products = new Map<string, { id: string; name: string }>();
  // Few names hide behind the first hundreds; where they do, everything is looked through.
  for (const depth of [Math.min(slots.length, 32 * limit), slots.length]) {
    for (const at of spreadMeanings(match, depth, better)) {
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
    categories: matching(
      index.categories.names,
      (name) => name,
      index.countsOf("category"),
      wanted,
      limit,
    ).map(({ value, count }) => ({ name: value, count })),
    farms: matching(index.farms.names, (id) => index.farmName(id), index.countsOf("farm"), wanted, limit).map(
      ({ value, count }) => ({ id: value, name: index.farmName(value), count }),
    ),
    correctedQuery,
  };
}

function matching(
  values: readonly string[],
  nameOf: (value: string) => string,
  counts: Uint32Array,
  wanted: string,
  limit: number,
): { value: string; count: number }[] {
  return values
    .map((value, at) => ({ value, count: counts[at]! }))
    .filter(({ value, count }) => count > 0 && ` ${fold(nameOf(value))}`.includes(` ${wanted}`))
    .sort((a, b) => b.count - a.count || (nameOf(a.value) < nameOf(b.value) ? -1 : 1))
    .slice(0, limit);
}
