import {
  buildFarm,
  buildMarket,
  buildPerson,
  buildProduct,
  callerNamed,
  productIdOf,
  testNow,
} from "@almanac/catalog/testing";
import { searchLog } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import { days, isAppError, newId, shiftedClock, type ProductId, type ShiftedClock } from "@almanac/kernel";
import { createCallerFactory, router, type Caller } from "@almanac/trpc";
import { beforeEach, expect, it } from "vitest";
import { searchRoutes } from "../router.ts";
import { insertModel } from "../store/ranking-models.ts";
import { removeOldSearches } from "../store/search-report.ts";
import { openTestSearch, type TestSearch } from "../testing.ts";

const tomato = productIdOf("heirloom-tomato");

describeOnEveryDatabase("the report of searches", (test) => {
  let clock: ShiftedClock;
  let shop: TestSearch;

  beforeEach(async () => {
    clock = shiftedClock(testNow, { now: () => testNow });
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db);
    for (const name of ["maya", "ines"]) await buildPerson(test.db, name);
    shop = await openTestSearch(test.handle, { clock });
    return () => shop[Symbol.dispose]();
  });

  const as = (caller: Caller) =>
    createCallerFactory(router({ admin: router(searchRoutes(shop).admin) }))(
      aRequestContext(test.handle, { caller, clock }),
    ).admin.search;
  const report = (input?: { days: number }) =>
    as({ ...callerNamed("ines"), roles: ["operator"] }).report(input);

  /** Searches that showed so many places, of which some opened the one at `place`. */
  const searched = (
    query: string,
    {
      n,
      clicked = 0,
      place = 1,
      ordered = 0,
      shown = 3,
      ms = 5,
      ago = 1,
      algorithm = "five_terms",
    }: {
      n: number;
      clicked?: number;
      place?: number;
      ordered?: number;
      shown?: number;
      ms?: number;
      ago?: number;
      algorithm?: string;
    },
  ) =>
    test.db.insert(searchLog).values(
      Array.from({ length: n }, (_, at) => ({
        id: newId(),
        query,
        algorithm,
        isPersonalised: "no" as const,
        resultsCount: shown,
        shownIds: Array.from({ length: shown }, (__, k) => (k === place - 1 ? tomato : newId<ProductId>())),
        ...(at < clicked && { clickedProductId: tomato, clickPosition: place }),
        ...(at < ordered && { orderId: newId() }),
        executionMs: ms,
        searchedAt: new Date(testNow.getTime() - days(ago)),
      })),
    );

  it("counts a query however it was spelled, with its clicks, their interval and what it led to", async () => {
    await searched("Tomato", { n: 10, clicked: 4, place: 3, ordered: 2 });
    await searched(" tomato ", { n: 10, clicked: 2, place: 3 });
    const { frequent, total, sold } = await report();
    expect(frequent).toMatchObject([
      { query: "tomato", searches: 20, clicked: 6, ordered: 2, empty: 0, meanPlace: 3, slowMs: 5 },
    ]);
    expect(frequent[0]!.clicks).toMatchObject({ share: 0.3, of: 20 });
    expect(frequent[0]!.clicks!.low).toBeGreaterThan(0.14);
    expect(frequent[0]!.clicks!.high).toBeLessThan(0.52);
    expect(total).toMatchObject({ searches: 20, clicked: 6, ordered: 2 });
    expect(sold).toHaveLength(1);
  });

  it("weighs what was shown by the chance that its place is looked at", async () => {
    await searched("tomato", { n: 12, clicked: 6, shown: 3 });
    await searched("basil", { n: 12, clicked: 6, shown: 1 });
    const { frequent } = await report();
    const perLook = new Map(frequent.map((row) => [row.query, row.perLook!]));
    // 1 + 1/2 + 1/3 looks a search, and 1.
    expect(perLook.get("tomato")!.of).toBeCloseTo(12 * (1 + 1 / 2 + 1 / 3), 6);
    expect(perLook.get("basil")!.of).toBeCloseTo(12, 6);
    expect(perLook.get("basil")!.share).toBeGreaterThan(perLook.get("tomato")!.share);
  });

  it("goes by what was estimated from clicks, once it was", async () => {
    await searched("tomato", { n: 10, shown: 2 });
    expect(await report()).toMatchObject({ examinedAt: null });
    await insertModel(test.db, {
      verdict: "not_enough_data",
      searches: 0,
      examination: [1, 0.25],
      fromAt: testNow,
      untilAt: testNow,
      fittedAt: testNow,
    });
    const { frequent, examinedAt, examination } = await report();
    expect(frequent[0]!.looks).toBeCloseTo(12.5, 6);
    expect(examinedAt).toBe(testNow.toISOString());
    expect(examination).toEqual([1, 0.25]);
  });

  it("lists what found nothing, and what was slow", async () => {
    await searched("tomato", { n: 5, ms: 90 });
    await searched("okra", { n: 4, shown: 0 });
    await searched("durian", { n: 7, shown: 0 });
    const { empty, slow, total } = await report();
    expect(empty.map(({ query, empty: count }) => [query, count])).toEqual([
      ["durian", 7],
      ["okra", 4],
    ]);
    expect(empty[0]!.perLook).toBeUndefined();
    expect(slow[0]).toMatchObject({ query: "tomato", slowMs: 90 });
    expect(total.empty).toBe(11);
  });

  it("counts what was typed once or twice without showing it, and simulated searches not at all", async () => {
    await searched("ms miller of elm street", { n: 2 });
    await searched("simulated", { n: 50, algorithm: "simulated" });
    expect(await report()).toMatchObject({
      frequent: [],
      queries: 0,
      rareSearches: 2,
      total: { searches: 2 },
    });
  });

  it("has every day of the window, and nothing from before it", async () => {
    await searched("tomato", { n: 3, ago: 2 });
    await searched("tomato", { n: 9, ago: 8 });
    const { byDay, total } = await report({ days: 7 });
    expect(byDay).toHaveLength(7);
    expect(byDay.at(-1)!.day).toBe(testNow.toISOString().slice(0, 10));
    expect(byDay.filter(({ searches }) => searches > 0)).toMatchObject([{ searches: 3 }]);
    expect(total.searches).toBe(3);
  });

  it("says nothing where nothing was searched for", async () => {
    expect(await report()).toMatchObject({ frequent: [], total: { searches: 0, slowMs: 0 } });
    expect((await report()).total.clicks).toBeUndefined();
  });

  it("is for operators and analysts", async () => {
    const refused = await as(callerNamed("maya"))
      .report()
      .then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.cause : undefined),
      );
    expect(isAppError(refused) && refused.code).toBe("right_missing");
  });

  it("forgets searches of more than 90 days ago", async () => {
    await searched("old", { n: 4, ago: 91 });
    await searched("young", { n: 3, ago: 89 });
    expect(await removeOldSearches(test.db, new Date(testNow.getTime() - days(90)))).toBe(4);
    expect((await test.db.select().from(searchLog)).map(({ query }) => query)).toEqual([
      "young",
      "young",
      "young",
    ]);
    expect(await removeOldSearches(test.db, new Date(testNow.getTime() - days(90)))).toBe(0);
  });
});
