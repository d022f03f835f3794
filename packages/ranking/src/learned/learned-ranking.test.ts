import { buildPerson, callerNamed, productIdOf, shopperIdOf, testNow } from "@almanac/catalog/testing";
import { insertMany } from "@almanac/db";
import { rankingModels, searchLog } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import {
  isAppError,
  minutes,
  newId,
  seededRng,
  shiftedClock,
  type ProductId,
  type ShiftedClock,
} from "@almanac/kernel";
import { createCallerFactory, router } from "@almanac/trpc";
import { beforeEach, expect, it } from "vitest";
import type { SearchArm } from "../arms.ts";
import { searchRoutes } from "../router.ts";
import { buildSmallShop, openTestSearch, type TestSearch } from "../testing.ts";
import { createLearnedRerankers, type LearnedRerankers } from "./learned-rerankers.ts";

const few = { effort: 0.05, leastClicks: 120, leastHeldOutClicks: 40 } as const;
const vegetables = ["aubergine", "courgette", "sweet-potato", "new-potatoes", "red-onion", "carrot-bunch"];

describeOnEveryDatabase("the learned ranking", (test) => {
  let clock: ShiftedClock;
  let shop: TestSearch;
  let rerankers: LearnedRerankers;
  let arm: SearchArm | undefined;

  beforeEach(async () => {
    clock = shiftedClock(testNow, { now: () => testNow });
    await test.fill("the shop", () => buildSmallShop(test.handle));
    arm = undefined;
    rerankers = createLearnedRerankers({ handle: test.handle });
    shop = await openTestSearch(test.handle, { clock, chooseArm: () => arm });
    return () => shop[Symbol.dispose]();
  });

  /** Searches in which whoever looks opens the product with the highest of one term, which the control hardly weighs. */
  const writeSearches = async (n: number, { sorted = false } = {}) => {
    const rng = seededRng(7);
    const log = Array.from({ length: n }, (_, at) => {
      const products = vegetables
        .map((slug) => ({ id: productIdOf(slug), recency: rng.next(), base: 0.5 + 0.5 * rng.next() }))
        .sort((a, b) => 0.4 * (b.base - a.base) + 0.1 * (b.recency - a.recency));
      const clicked = products.findIndex(
        ({ recency }, k) => rng.next() < (recency > 0.75 ? 0.9 : 0.05) / (k + 1),
      );
      const clickedId = products[clicked]?.id;
      return {
        id: newId(),
        shopperId: newId<ReturnType<typeof shopperIdOf>>(),
        query: "vegetables",
        algorithm: sorted ? "sorted_cheapest" : "five_terms",
        isPersonalised: "no" as const,
        resultsCount: products.length,
        shownIds: products.map(({ id }) => id),
        shownTerms: products.flatMap(({ recency, base }) => [base, 0, recency, 0, 0]),
        shownPrices: products.map(() => 300),
        ...(clickedId && { clickedProductId: clickedId, clickPosition: clicked + 1 }),
        executionMs: 2,
        searchedAt: new Date(testNow.getTime() - minutes(n - at)),
      };
    });
    await insertMany(test.db, searchLog, log);
  };
  const rankingRoutes = () =>
    createCallerFactory(router({ admin: router(searchRoutes(shop).admin) }))(
      aRequestContext(test.handle, { caller: { ...callerNamed("ines"), roles: ["operator"] }, clock }),
    ).admin.ranking;

  it("is learned from the log in a thread of its own, and kept with its figure beside the control's", async () => {
    await writeSearches(700);
    const { number, verdict } = await shop.search.learn(few);
    expect(verdict).toBe("better");
    const [night] = await rankingRoutes().learned();
    expect(night).toMatchObject({ number, verdict: "better", fittedAt: testNow.toISOString() });
    expect(night!.searches).toBeGreaterThan(120);
    const { heldOut } = night!;
    expect(heldOut!.learned).toBeGreaterThan(heldOut!.control);
    expect(heldOut!.low).toBeGreaterThan(0);
    expect(heldOut!.searches).toBe(175);
    expect(night).not.toHaveProperty("model");
  });

  it("ranks nobody's search until an experiment says so, and then says in the log that it did", async () => {
    await writeSearches(700);
    const before = await shop.search.query({ q: "lettuce" });
    const { number } = await shop.search.learn(few);
    const after = await shop.search.query({ q: "lettuce" });
    expect(after.hits.map(({ card }) => card.id)).toEqual(before.hits.map(({ card }) => card.id));
    arm = { arm: "learned/b", reranker: await rerankers.get(number) };
    const asked = await shop.search.query({ categories: ["vegetables"] }, shopperIdOf("maya"));
    expect(asked.arm).toBe("learned/b");
    const recencies = asked.hits.map(({ explain }) => explain.recency.value);
    // What is fresh comes first: four times as often opened as the control's own order has it.
    expect(recencies[0]).toBe(Math.max(...recencies));
    const rows = await test.db.select().from(searchLog);
    expect(rows.find(({ id }) => id === asked.searchId)).toMatchObject({ algorithm: `learned_${number}` });
  });

  it("is not learned from too few searches, which is kept too, with how often places are looked at", async () => {
    await writeSearches(40);
    const { number, verdict } = await shop.search.learn();
    expect(verdict).toBe("not_enough_data");
    const rows = await test.db.select().from(rankingModels);
    expect(rows).toMatchObject([{ number, model: null, heldOut: null }]);
    expect(rows[0]!.examination[0]).toBe(1);
    const refused = await rerankers.get(number).catch((error: unknown) => error);
    expect(isAppError(refused) && refused.code).toBe("ranking_version_not_found");
  });

  it("is not learned from lists that shoppers had sorted", async () => {
    await writeSearches(700, { sorted: true });
    expect(await shop.search.learn(few)).toMatchObject({ verdict: "not_enough_data" });
    const { searchId } = await shop.search.query({ q: "lettuce", sort: "cheapest" });
    const rows = await test.db.select().from(searchLog);
    expect(rows.find(({ id }) => id === searchId)).toMatchObject({ algorithm: "sorted_cheapest" });
  });

  it("costs nobody a search when it fails: the control serves, and the log says so", async () => {
    await buildPerson(test.db, "ann");
    const failing = {
      algorithm: "learned_0",
      depth: 24,
      score(): Float64Array {
        throw new RangeError("a model that is broken");
      },
    };
    arm = { arm: "learned/b", reranker: failing };
    const answer = await shop.search.query({ q: "lettuce" }, shopperIdOf("ann"));
    expect(answer.arm).toBe("control");
    expect(answer.total).toBeGreaterThan(0);
    expect((await test.db.select().from(searchLog)).map(({ arm: logged }) => logged)).toEqual(["control"]);
  });

  it("can be interleaved with the control: each product on one page, each page as it was when it is asked again", async () => {
    const backwards = {
      algorithm: "backwards",
      depth: 24,
      score: (candidates: readonly unknown[]) => Float64Array.from(candidates, (_, at) => at),
    };
    arm = { arm: "mix/b", reranker: backwards, interleavedWith: { seed: "mix/maya/lettuce" } };
    const page = (offset: number) => shop.search.query({ limit: 4, offset }, shopperIdOf("maya"));
    const pages = [await page(0), await page(4), await page(8)];
    const ids = pages.flatMap(({ hits }) => hits.map(({ card }) => card.id as ProductId));
    expect(new Set(ids).size).toBe(12);
    expect((await page(4)).hits.map(({ card }) => card.id)).toEqual(ids.slice(4, 8));
    expect(pages.flatMap(({ hits }) => hits.map(({ position }) => position))).toEqual(
      Array.from({ length: 12 }, (_, at) => at + 1),
    );
    const rows = await test.db.select().from(searchLog);
    const first = rows.find(({ id }) => id === pages[0]!.searchId)!;
    // Two rounds of a draft: each team picks once in each.
    expect(first.shownTeams).toMatch(/^(ab|ba)(ab|ba)$/);
    arm = undefined;
    const control = await page(0);
    const firstOfControl = control.hits[0]!.card.id;
    expect(first.shownTeams![first.shownIds.indexOf(firstOfControl)]).toBe("a");
  });
});
