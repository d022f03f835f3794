import type { CalendarDay } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { CatalogIndex } from "../index/catalog-index.ts";
import type { CatalogDocument } from "../index/catalog-index.ts";
import { findCandidates, rankCandidates, searchCatalog } from "./search-catalog.ts";
import type { SearchContext } from "./search-catalog.ts";
import { suggest } from "./suggest.ts";

const now = Date.parse("2026-08-15T12:00:00Z");
const summer = { firstDay: "06-12", peakStart: "07-01", peakEnd: "09-30", lastDay: "10-20" };
const winter = { firstDay: "11-01", peakStart: "12-15", peakEnd: "02-15", lastDay: "03-31" };
const riverside = { latitude: 41.7, longitude: -73.9 };

function product(id: string, name: string, rest: Partial<CatalogDocument> = {}): CatalogDocument {
  return {
    id,
    name,
    category: "Vegetables",
    farmId: "oak",
    farmName: "Hollow Oak",
    description: "",
    organic: false,
    snapEligible: true,
    priceCents: 490,
    marketIds: ["riverside"],
    marketWeekdays: [6],
    pickupWindows: ["Sat 09:00"],
    place: riverside,
    harvestedOrListedAt: now,
    popularity: 0.5,
    season: { windows: [summer] },
    available: true,
    ...rest,
  };
}

const fern = { farmId: "fern", farmName: "Fern Bank", place: { latitude: 41.75, longitude: -73.8 } };
const whey = { farmId: "whey", farmName: "Whey Street", place: { latitude: 42.3, longitude: -73.6 } };

function market(): CatalogIndex {
  const index = new CatalogIndex();
  const products = [
    product("t1", "Heirloom Tomato", { popularity: 0.9 }),
    product("t2", "Cherry Tomatoes", { ...fern, organic: true, priceCents: 350 }),
    product("t3", "Tomato Chutney", {
      ...whey,
      category: "Preserved",
      priceCents: 650,
      season: { windows: [winter] },
    }),
    product("b1", "Basil bunch", { ...fern, category: "Herbs", priceCents: 250, organic: true }),
    product("c1", "Fresh cheese", { ...whey, category: "Dairy", priceCents: 600, season: { windows: [] } }),
    product("g1", "Fresh greens", { ...fern, category: "Greens", priceCents: 280 }),
    product("g2", "Fresh salad greens", { category: "Greens", priceCents: 280, available: false }),
  ];
  for (const document of products) index.put(document);
  return index;
}

const context: SearchContext = { now, today: "2026-08-15" };
const idsOf = (query: string, more: Partial<SearchContext> = {}, index = market()): string[] =>
  searchCatalog(index, query, { ...context, ...more }).hits.map((hit) => hit.productId);

describe("searching the catalogue", () => {
  it("finds heirloom tomato for tomatos, from three farms, and says what each term gave", () => {
    const answer = searchCatalog(market(), "tomatos", context);
    expect(answer.hits[0]!.productId).toBe("t1");
    expect(answer.facets.farms).toHaveLength(3);
    for (const hit of answer.hits) {
      const sum = hit.explain.reduce((total, { contribution }) => total + contribution, 0);
      expect(Math.abs(sum - hit.score)).toBeLessThan(1e-9);
    }
    expect(answer.hits.map((hit) => hit.rank)).toEqual([1, 2, 3]);
    expect(answer.personalized).toBe(false);
  });

  it("orders the same set differently for a shopper of greens and a shopper of cheese", () => {
    const index = market();
    const likes = (prefix: string) => (slot: number) => (index.text.idAt(slot)?.startsWith(prefix) ? 1 : 0);
    const greens = idsOf("fresh", { personalize: likes("g") }, index);
    const cheese = idsOf("fresh", { personalize: likes("c") }, index);
    expect(greens).not.toEqual(cheese);
    expect(greens.toSorted()).toEqual(cheese.toSorted());
    expect(cheese[0]).toBe("c1");
  });

  it("gives everybody one order when personalization is off, equals by id", () => {
    const twins = new CatalogIndex();
    for (const id of ["z", "a", "m"]) twins.put(product(id, "Radish"));
    expect(idsOf("radish", {}, twins)).toEqual(["a", "m", "z"]);
    expect(idsOf("fresh")).toEqual(idsOf("fresh"));
  });

  it("prefers what is in season and fresh among equals", () => {
    const index = new CatalogIndex();
    index.put(product("a", "Leek", { season: { windows: [winter] } }));
    index.put(product("b", "Leek", { harvestedOrListedAt: now - 10 * 86_400_000 }));
    index.put(product("c", "Leek"));
    expect(idsOf("leek", {}, index)).toEqual(["c", "b", "a"]);
    expect(idsOf("leek", { today: "2026-01-15" }, index)[0]).toBe("a");
  });

  it("answers the same to the last bit within an hour, and grows old with the next", () => {
    const index = new CatalogIndex();
    index.put(product("b", "Leek", { harvestedOrListedAt: now - 10 * 86_400_000 }));
    const at = (minutes: number) => searchCatalog(index, "leek", { ...context, now: now + minutes * 60_000 });
    expect(at(59)).toEqual(at(0));
    expect(at(60).hits[0]!.score).toBeLessThan(at(0).hits[0]!.score);
  });

  it("ranks a cached base result as the whole search would", () => {
    const index = market();
    expect(rankCandidates(index, findCandidates(index, "tomato"), context)).toEqual(
      searchCatalog(index, "tomato", context),
    );
  });

  it("cuts pages that together are the whole", () => {
    const all = idsOf("");
    expect(all).toHaveLength(7);
    expect([
      ...idsOf("", { limit: 3 }),
      ...idsOf("", { limit: 3, offset: 3 }),
      ...idsOf("", { limit: 3, offset: 6 }),
    ]).toEqual(all);
    expect(searchCatalog(market(), "", { ...context, limit: 3, offset: 6 }).total).toBe(7);
  });

  it("sorts by price, distance or freshness on request", () => {
    expect(idsOf("tomato", { sort: "cheapest" })).toEqual(["t2", "t1", "t3"]);
    expect(idsOf("tomato", { sort: "dearest" })).toEqual(["t3", "t1", "t2"]);
    expect(idsOf("tomato", { sort: "nearest", near: whey.place })[0]).toBe("t3");
  });

  it("shows a change at once, and nothing of a removed product", () => {
    const index = market();
    expect(index.change("t1", { available: false, priceCents: 99 })).toBe(true);
    const hit = searchCatalog(index, "heirloom", context).hits[0]!;
    expect(hit.available).toBe(false);
    expect(index.find("t1")!.priceCents).toBe(99);
    expect(index.remove("t1")).toBe(true);
    expect(index.change("t1", { available: true })).toBe(false);
    expect(idsOf("", {}, index)).toHaveLength(6);
    index.put(product("n1", "Nettle"));
    expect(idsOf("nettle", {}, index)).toEqual(["n1"]);
  });
});

describe("the thing itself", () => {
  const shop = new CatalogIndex();
  const stored = { season: { windows: [winter], supply: "stored" as const } };
  shop.put(product("gala", "Gala apples", { category: "Apples", popularity: 0.5, ...stored }));
  shop.put(product("apple butter", "Apple butter", { category: "Preserved", popularity: 1 }));
  shop.put(product("apple bread", "Bread with apples", { category: "Bakes", popularity: 1 }));
  shop.put(product("cider", "Dry cider", { category: "Drinks" }));
  shop.put(product("thighs", "Chicken thighs", { category: "Meat", popularity: 1 }));
  shop.put(product("whole", "Whole chicken", { category: "Meat" }));

  it("leads what is made of it, also out of season and where it is less popular", () => {
    const ids = idsOf("apples", {}, shop);
    expect(ids[0]).toBe("gala");
    expect(ids.toSorted()).toEqual(["apple bread", "apple butter", "gala"]);
    expect(idsOf("appels", {}, shop)[0]).toBe("gala");
  });

  it("is what the last word says", () => {
    expect(idsOf("apple butter", {}, shop)[0]).toBe("apple butter");
    const { relevance, slots } = findCandidates(shop, "apple cider");
    expect(shop.text.idAt(slots[relevance.indexOf(1)]!)).toBe("cider");
  });

  it("is a piece of it as well, where both are of one category", () => {
    expect(idsOf("chicken", {}, shop)).toEqual(["thighs", "whole"]);
  });

  it("changes nothing where the shop does not have it", () => {
    shop.remove("gala");
    expect(Math.min(...findCandidates(shop, "apples").relevance)).toBeGreaterThan(0.9);
  });
});

describe("a farm that is named beside its goods", () => {
  const shop = new CatalogIndex();
  const lane = { farmId: "lane", farmName: "Pear Tree Lane" };
  shop.put(product("duck", "Duck eggs", { category: "Eggs" }));
  shop.put(product("hen", "Hen eggs", { ...fern, category: "Eggs", popularity: 0 }));
  for (const name of ["Basil", "Mint", "Sage"]) shop.put(product(name, name, { ...fern, popularity: 1 }));
  shop.put(product("apple", "Apples", { ...lane, popularity: 0 }));
  shop.put(product("pear", "Bosc pears", { popularity: 1 }));

  it.each(["fern bank eggs", "eggs from Fern Bank", "Fern Bank egs"])(
    "%s: the farm's eggs, those of others, what else the farm has",
    (query) => {
      const ids = idsOf(query, {}, shop);
      expect(ids.slice(0, 2)).toEqual(["hen", "duck"]);
      expect(ids.slice(2).toSorted()).toEqual(["Basil", "Mint", "Sage"]);
    },
  );

  it("is looked for by its name alone, and where it has a word beside it that says nothing", () => {
    for (const query of ["fern bank", "fern bank farm"]) expect(idsOf(query, {}, shop)).toHaveLength(4);
    expect(idsOf("pear tree lane apples", {}, shop)).toEqual(["apple"]);
    expect(idsOf("fern bank qqqq", {}, shop)).toHaveLength(4);
  });

  it("says what it took a slip for, and leaves out what stands behind a minus", () => {
    expect(findCandidates(shop, "fern bank egs").correctedQuery).toBe("fern bank egg");
    expect(idsOf("fern bank eggs -duck -mint", {}, shop).toSorted()).toEqual(["Basil", "Sage", "hen"]);
  });

  it("is known by the name that it has now", () => {
    const moved = new CatalogIndex();
    moved.put(product("hen", "Hen eggs", fern));
    moved.put(product("duck", "Duck eggs"));
    moved.put(product("hen", "Hen eggs", { ...fern, farmName: "Long Field" }));
    expect(moved.farmNamed("fern bank")).toBeUndefined();
    expect(idsOf("long field eggs", {}, moved)).toEqual(["hen", "duck"]);
  });
});

describe("filters and facets", () => {
  it.each([
    [{ organic: true }, ["b1", "t2"]],
    [{ farmIds: ["whey"] }, ["c1", "t3"]],
    [{ categories: ["Greens", "Dairy"] }, ["c1", "g1", "g2"]],
    [{ categories: ["No such"] }, []],
    [{ availableOnly: true, categories: ["Greens"] }, ["g1"]],
    [{ minPriceCents: 600, maxPriceCents: 650 }, ["c1", "t3"]],
    [{ inSeason: true, farmIds: ["whey"] }, ["c1"]],
    [{ weekdays: [1] }, []],
    [{ pickupWindows: ["Sat 09:00"], farmIds: ["whey"] }, ["c1", "t3"]],
    [{ marketIds: ["elsewhere"] }, []],
  ])("narrows by %j", (filters, ids) => {
    expect(idsOf("", { filters }).toSorted()).toEqual(ids);
  });

  it("narrows by distance when the shopper's place is known", () => {
    expect(idsOf("tomato", { near: riverside, filters: { maxDistanceKm: 20 } }).toSorted()).toEqual([
      "t1",
      "t2",
    ]);
    expect(idsOf("tomato", { filters: { maxDistanceKm: 20 } })).toHaveLength(3);
  });

  it("counts each choice as if it were chosen as well", () => {
    const { facets, total, unfilteredTotal } = searchCatalog(market(), "", {
      ...context,
      near: riverside,
      filters: { categories: ["Greens"], organic: false },
    });
    expect(total).toBe(2);
    expect(unfilteredTotal).toBe(7);
    expect(facets.categories).toContainEqual({ value: "Vegetables", count: 2 });
    expect(facets.farms.map(({ name, count }) => [name, count])).toEqual([
      ["Fern Bank", 1],
      ["Hollow Oak", 1],
    ]);
    expect(facets.weekdays).toEqual([{ value: 6, count: 2 }]);
    expect(facets.snapEligible).toBe(2);
    expect(facets.distancesKm).toEqual([
      { value: 5, count: 1 },
      { value: 10, count: 2 },
      { value: 20, count: 2 },
      { value: 50, count: 2 },
    ]);
    expect(facets.pricesCents.map(({ count }) => count)).toEqual([2, 0, 0, 0]);
    expect(facets.pickupWindows).toEqual([{ value: "Sat 09:00", count: 2 }]);
  });

  it("counts anew when a product changed, from wherever one looks", () => {
    const index = market();
    const base = findCandidates(index, "tomato");
    const look = (near: typeof riverside) => rankCandidates(index, base, { ...context, near }).facets;
    expect(look(riverside).distancesKm[0]).toEqual({ value: 5, count: 1 });
    expect(look(whey.place).distancesKm[0]).toEqual({ value: 5, count: 1 });
    expect(look(riverside).pricesCents.map(({ count }) => count)).toEqual([0, 2, 1, 0]);
    index.change("t1", { priceCents: 200 });
    expect(look(riverside).pricesCents.map(({ count }) => count)).toEqual([1, 1, 1, 0]);
    // A farm that sells from two places: each product counts from where it is.
    index.put(product("t4", "Tomato plant", { place: whey.place }));
    const again = rankCandidates(index, findCandidates(index, "tomato"), { ...context, near: whey.place });
    expect(again.facets.distancesKm[0]).toEqual({ value: 5, count: 2 });
  });

  it("agrees with the results it promises", () => {
    const index = market();
    const { facets } = searchCatalog(index, "tomato", { ...context, filters: { organic: true } });
    for (const { value, count } of facets.categories) {
      expect(idsOf("tomato", { filters: { organic: true, categories: [value] } }, index)).toHaveLength(count);
    }
    expect(idsOf("tomato", { filters: { organic: true } }, index)).toHaveLength(facets.organic);
    index.change("t1", { priceCents: 600 });
    index.change("b1", { priceCents: 300 });
    let upTo = 0;
    for (const { value, count } of searchCatalog(index, "", context).facets.pricesCents) {
      upTo += count;
      const filters = value.to === undefined ? {} : { maxPriceCents: value.to };
      expect(idsOf("", { filters }, index)).toHaveLength(upTo);
    }
  });
});

describe("what is in season", () => {
  const supplies = new CatalogIndex();
  supplies.put(product("field", "Beans"));
  supplies.put(product("none", "Pie", { season: { windows: [], supply: "year-round" } }));
  supplies.put(product("stored", "Apples", { season: { windows: [winter], supply: "stored" } }));
  supplies.put(product("glass", "Lettuce", { season: { windows: [winter], supply: "greenhouse" } }));
  const inSeason = (day: CalendarDay) =>
    searchCatalog(supplies, "", { ...context, today: day, filters: { inSeason: true } });

  it("is harvested now: not from a store or a greenhouse, and not all year", () => {
    expect(inSeason("2026-08-15").hits.map(({ productId }) => productId)).toEqual(["field"]);
    expect(inSeason("2026-08-15").facets.inSeason).toBe(1);
    expect(inSeason("2026-01-15").hits.map(({ productId }) => productId)).toEqual(["glass", "stored"]);
    supplies.put(product("late", "Kale", { season: { windows: [winter] } }));
    expect(inSeason("2026-01-15").facets.inSeason).toBe(3);
  });
});

describe("suggestions while typing", () => {
  const suggested = (typed: string, index = market(), today = context.today) =>
    suggest(index, typed, { today });
  const namesOf = (typed: string, index: CatalogIndex, today?: CalendarDay) =>
    suggested(typed, index, today).products.map(({ name }) => name);

  it("offers products, categories and farms", () => {
    expect(suggested("tom").products.map(({ id }) => id)[0]).toBe("t1");
    expect(suggested("veg").categories).toEqual([{ name: "Vegetables", count: 2 }]);
    expect(suggested("bank").farms).toEqual([{ id: "fern", name: "Fern Bank", count: 3 }]);
    expect(suggested("tomatoe").correctedQuery).toBe("tomato");
    expect(suggested(" ").products).toEqual([]);
  });

  it("offers one name once", () => {
    const index = market();
    index.put(product("t9", "Heirloom tomato", fern));
    expect(suggested("heirloom", index).products).toHaveLength(1);
  });

  it("begins with the word that is bought more, not with the shorter one", () => {
    const index = market();
    index.put(product("tomme", "Alpine tomme", { ...whey, popularity: 0.9, season: { windows: [] } }));
    const names = namesOf("tom", index);
    expect(names[0]).toBe("Heirloom Tomato");
    expect(names).toContain("Alpine tomme");
    expect(namesOf("tomm", index)[0]).toBe("Alpine tomme");
  });

  it("prefers what is to be had, in season, and the thing itself to what is made of it", () => {
    const index = new CatalogIndex();
    index.put(product("a", "Black cherry", { available: false }));
    index.put(product("b", "Sweet cherry", {}));
    index.put(product("c", "Winter cherry", { season: { windows: [winter] } }));
    index.put(product("d", "Cherry jam", {}));
    expect(namesOf("cher", index)[0]).toBe("Sweet cherry");
    expect(namesOf("cher", index, "2026-01-10")[0]).toBe("Winter cherry");
    index.remove("b");
    index.remove("c");
    index.change("a", { available: true });
    expect(namesOf("cher", index)).toEqual(["Black cherry", "Cherry jam"]);
  });

  it("shows what else a whole word may begin, before its second product", () => {
    const index = new CatalogIndex();
    for (const kind of ["Garden", "Sugar", "Snap", "Early", "Late", "Split"])
      index.put(product(kind, `${kind} pea`, { popularity: 0.9 }));
    index.put(product("pear", "Bartlett pear", { popularity: 0.2 }));
    const names = namesOf("pea", index);
    expect(names[0]).toMatch(/ pea$/);
    expect(names[1]).toBe("Bartlett pear");
  });
});
