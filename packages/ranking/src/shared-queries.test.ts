import { testNow } from "@almanac/catalog/testing";
import { searchLog } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { days, idFromName, newId, shiftedClock, type ShopperId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { describe, expect, it } from "vitest";
import { createSharedQueries, minSharedShoppers } from "./shared-queries.ts";

describeOnEveryDatabase("past queries in the search box", (test) => {
  const searched = (query: string, shoppers: number, { times = 1, resultsCount = 3, ago = 1 } = {}) =>
    test.db.insert(searchLog).values(
      Array.from({ length: shoppers * times }, (_, at) => ({
        id: newId(),
        shopperId: idFromName<ShopperId>("test/searcher", String(at % shoppers)),
        query,
        algorithm: "five_terms",
        isPersonalised: "no" as const,
        resultsCount,
        shownIds: [],
        executionMs: 1,
        searchedAt: new Date(testNow.getTime() - days(ago)),
      })),
    );
  const open = () => {
    const clock = shiftedClock(testNow, { now: () => testNow });
    return createSharedQueries({ handle: test.handle, clock, log: silentLogger });
  };

  describe("are offered", () => {
    it("when a word of theirs begins so, the most shared first, spelled alike", async () => {
      await searched("Cherry  Tomatoes", minSharedShoppers);
      await searched("tomato salad", minSharedShoppers + 2);
      await searched("carrots", minSharedShoppers);
      const shared = open();
      await shared.refresh();
      expect(shared.beginningWith("TOM", 5)).toEqual(["tomato salad", "cherry tomatoes"]);
      expect(shared.beginningWith("tom", 1)).toEqual(["tomato salad"]);
      expect(shared.beginningWith("omato", 5)).toEqual([]);
      expect(shared.beginningWith("  ", 5)).toEqual([]);
      const revision = shared.revision();
      await shared.refresh();
      expect(shared.revision()).toBe(revision);
      await searched("tomato jam", minSharedShoppers);
      await shared.refresh();
      expect(shared.revision()).toBe(revision + 1);
    });
  });

  describe("are kept to themselves", () => {
    it("when fewer than ten shoppers typed them, however often", async () => {
      expect(minSharedShoppers).toBeGreaterThanOrEqual(10);
      await searched("tom of elm street", minSharedShoppers - 1, { times: 9 });
      const shared = open();
      await shared.refresh();
      expect(shared.beginningWith("tom", 5)).toEqual([]);
    });

    it("when they found nothing, or are older than 30 days", async () => {
      await searched("tomtato", minSharedShoppers, { resultsCount: 0 });
      await searched("tomatillo", minSharedShoppers, { ago: 31 });
      const shared = open();
      await shared.refresh();
      expect(shared.beginningWith("tom", 5)).toEqual([]);
    });
  });
});
