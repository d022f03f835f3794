import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { productIdOf, testNow } from "@almanac/catalog/testing";
import { products } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { isAppError } from "@almanac/kernel";
import { eq } from "drizzle-orm";
import { SearchIndex } from "../core/index/search-index.ts";
import { buildSmallShop, openTestSearch } from "../testing.ts";
import type { SearchEngine } from "./engine.ts";
import { memoryEngine } from "./memory.ts";
import { openSearchEngine, type OutsideEngine } from "./opensearch.ts";
import { postgresEngine } from "./postgres.ts";
import { openStandIn, type StandIn } from "./stand-in.ts";

const clock = { now: () => testNow };

describeOnEveryDatabase("search engines", (test) => {
  let standIn: StandIn;
  let outside: OutsideEngine;
  const engines: Record<SearchEngine["name"], () => SearchEngine> = {
    memory: () => memoryEngine(index),
    postgres: () => postgresEngine(test.handle),
    opensearch: () => outside,
  };
  let index: SearchIndex;

  async function open(): Promise<void> {
    await test.fill("the shop", () => buildSmallShop(test.handle));
    using shop = await openTestSearch(test.handle, { clock });
    index = new SearchIndex();
    const documents = shop.shopWindow.all().map(({ product }) => ({
      id: product.id,
      name: product.name,
      category: product.category.name,
      farm: product.farm.name,
      description: product.description,
    }));
    for (const { id, name, category, farm, description } of documents)
      index.put(id, [name, category, farm, description]);
    outside = openSearchEngine({ url: standIn.url });
    await outside.fill(documents);
  }

  beforeAll(async () => {
    standIn = await openStandIn();
  });
  afterAll(() => standIn[Symbol.asyncDispose]());

  describe.each(["memory", "postgres", "opensearch"] as const)("%s", (name) => {
    const idsOf = async (query: string, fuzzy = true): Promise<string[]> =>
      (await engines[name]().find(query, { fuzzy })).hits.map(({ productId }) => productId);

    it("finds any of the words, the last one begun, the best first with relevance 1", async () => {
      await open();
      const { hits } = await engines[name]().find("fresh lettuce", { fuzzy: true });
      expect(hits[0]).toEqual({ productId: productIdOf("fresh-lettuce"), relevance: 1 });
      expect(hits.every(({ relevance }) => relevance >= 0 && relevance <= 1)).toBe(true);
      const ids = hits.map(({ productId }) => productId);
      expect(ids).toContain(productIdOf("winter-lettuce-salad-mix"));
      expect(ids).toContain(productIdOf("fresh-cheese"));
      expect(await idsOf("aubergi")).toContain(productIdOf("aubergine"));
    });

    it("recognises a slip, unless the words are to be taken as they are", async () => {
      await open();
      expect(await idsOf("auberginne")).toEqual([productIdOf("aubergine")]);
      expect(await idsOf("auberginne", false)).toEqual([]);
    });

    it("takes operators and quotes for what they are, and finds nothing for nothing", async () => {
      await open();
      for (const query of [
        "'; drop table products; --",
        "& | ! :* ( )",
        "qqqqqqqq",
        "\\ \u0000".slice(0, 2),
        "%_",
      ])
        expect(await idsOf(query)).toEqual([]);
      expect(await idsOf("aubergine & !honey")).toContain(productIdOf("honey"));
    });
  });

  it("postgres: sees only what is on sale, and says what it put right", async () => {
    await open();
    const engine = postgresEngine(test.handle);
    await test.db
      .update(products)
      .set({ status: "hidden" })
      .where(eq(products.id, productIdOf("aubergine")));
    expect((await engine.find("aubergine", { fuzzy: true })).hits).toEqual([]);
    const found = await engine.find("courgatte", { fuzzy: true });
    expect(found.correctedQuery).toBe("courgette");
    expect(found.hits).toHaveLength(1);
    // Enough is found without: nothing is put right.
    expect((await engine.find("tomato bassil", { fuzzy: true })).correctedQuery).toBeUndefined();
  });

  it("opensearch: forgets what is no longer on sale with the next fill, and sends who it is", async () => {
    await open();
    await outside.fill([
      { id: productIdOf("honey"), name: "Honey", category: "", farm: "", description: "" },
    ]);
    expect([...standIn.documents.keys()]).toEqual([productIdOf("honey")]);
    const basic = `Basic ${Buffer.from("maya:secret").toString("base64")}`;
    expect(standIn.asked.at(-1)).toBe(`POST /almanac-products/_delete_by_query ${basic}`);
  });

  it("opensearch: says that it is of no use, and nothing of its address", async () => {
    const away = openSearchEngine({ url: "http://maya:secret@127.0.0.1:9" });
    const refusal = await away.find("tomato", { fuzzy: true }).catch((error: unknown) => error);
    expect(isAppError(refusal, "search_engine_unavailable")).toBe(true);
    expect(String(refusal)).not.toContain("secret");
  });

  describe("the service", () => {
    const names = (answer: { hits: readonly { card: { name: string } }[] }) =>
      answer.hits.map(({ card }) => card.name);

    it("answers from the outside engine, and from memory while that is away", async () => {
      await test.fill("the shop", () => buildSmallShop(test.handle));
      const engine = openSearchEngine({ url: standIn.url });
      const fills = (): number => standIn.asked.filter((act) => act.includes("_delete_by_query")).length;
      const filled = fills();
      using shop = await openTestSearch(test.handle, { clock, outsideEngine: engine });
      // The last act of a fill takes out what is not of it: the zebra has to come after.
      await expect.poll(fills).toBeGreaterThan(filled);
      expect(standIn.documents.size).toBe(shop.shopWindow.size);
      standIn.documents.set(productIdOf("honey"), { name: "Zebra", category: "", farm: "", description: "" });
      expect(names(await shop.search.query({ q: "zebra" }))).toEqual(["Honey"]);
      expect(names(await shop.search.query({ q: "lettuce -fresh" }))).not.toContain("Fresh lettuce");
      expect(shop.search.health()).toEqual({ engine: "opensearch", wanted: "opensearch", fallbacks: 0 });
      standIn.breakWith(503);
      expect(names(await shop.search.query({ q: "honey" }))).toEqual(["Honey"]);
      expect(shop.search.health()).toMatchObject({ engine: "memory", fallbacks: 1, problem: /503/ });
      standIn.breakWith(0);
      await shop.search.query({ q: "honey" });
      expect(shop.search.health().problem).toBeUndefined();
    });

    it("answers from PostgreSQL while the index is not built, with the cards it needs", async () => {
      await test.fill("the shop", () => buildSmallShop(test.handle));
      using shop = await openTestSearch(test.handle, { clock, isLoaded: false });
      const answer = await shop.search.query({ q: "courgatte" });
      expect(names(answer)).toEqual(["Courgette"]);
      expect(answer.correctedTo).toBe("courgette");
      expect(shop.search.health()).toMatchObject({ engine: "postgres", wanted: "memory", fallbacks: 1 });
      const lettuce = names(await shop.search.query({ q: "lettuce -fresh" }));
      expect(lettuce.length).toBeGreaterThan(0);
      expect(lettuce).not.toContain("Fresh lettuce");
      await shop.shopWindow.load();
      expect(names(await shop.search.query({ q: "courgatte" }))).toEqual(["Courgette"]);
      expect(shop.search.health()).toEqual({ engine: "memory", wanted: "memory", fallbacks: 2 });
    });
  });
});
