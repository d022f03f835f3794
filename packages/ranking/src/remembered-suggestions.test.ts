import { idFromName, type ProductId } from "@almanac/kernel";
import type { ShopEntry } from "@almanac/signals";
import { beforeEach, describe, expect, it } from "vitest";
import { createRememberedSuggestions, type SuggestionGround } from "./remembered-suggestions.ts";
import type { SearchSuggestions } from "./types.ts";

const tomato = idFromName<ProductId>("test/product", "tomato");
const ground: SuggestionGround = {
  now: new Date("2026-03-08T04:59:59Z"),
  today: "2026-03-07",
  indexRevision: 7,
  queriesRevision: 1,
};

describe("suggestions that were made", () => {
  let sold: Map<string, ShopEntry>;
  let made: number;
  const sell = () => sold.set(tomato, { product: { id: tomato } } as ShopEntry);
  const remembered = () => createRememberedSuggestions({ find: (id) => sold.get(id) });
  const make = (): SearchSuggestions => {
    made += 1;
    const product = { id: tomato, slug: "t", name: "T", marks: [], picture: "p", isAvailable: true };
    return { products: sold.has(tomato) ? [product] : [], categories: [], farms: [], queries: [] };
  };
  const typed = { typed: "tom", limit: 6 };

  beforeEach(() => {
    sold = new Map();
    sell();
    made = 0;
  });

  it("are answered again to the same letters, for as many places", () => {
    const suggestions = remembered();
    const first = suggestions.find(typed, ground, make);
    expect(suggestions.find(typed, { ...ground, now: new Date("2026-03-08T04:45:00Z") }, make)).toBe(first);
    suggestions.find({ ...typed, limit: 5 }, ground, make);
    suggestions.find({ ...typed, typed: "tomato" }, ground, make);
    expect(made).toBe(3);
  });

  it.each<[string, Partial<SuggestionGround>]>([
    ["the index has changed", { indexRevision: 8 }],
    ["others search for something else", { queriesRevision: 2 }],
    ["the market has another day", { today: "2026-03-08" }],
    ["a day may have begun at a farm", { now: new Date("2026-03-08T05:00:00Z") }],
  ])("are made anew when %s", (_, change) => {
    const suggestions = remembered();
    suggestions.find(typed, ground, make);
    suggestions.find(typed, { ...ground, ...change }, make);
    expect(made).toBe(2);
  });

  it("are made anew when a product of theirs is another or gone", () => {
    const suggestions = remembered();
    suggestions.find(typed, ground, make);
    sell();
    suggestions.find(typed, ground, make);
    sold.clear();
    expect(suggestions.find(typed, ground, make).products).toEqual([]);
    expect(made).toBe(3);
  });

  it("are a thousand at most, those that were asked for last", () => {
    const suggestions = remembered();
    const ask = (text: string) => suggestions.find({ ...typed, typed: text }, ground, make);
    for (let n = 0; n < 1_000; n++) ask(`t${n}`);
    ask("t0");
    ask("one more");
    const before = made;
    ask("t0");
    expect(made).toBe(before);
    ask("t1");
    expect(made).toBe(before + 1);
  });
});
