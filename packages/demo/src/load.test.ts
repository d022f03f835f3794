import { describeOnEveryDatabase } from "@almanac/db/testing";
import { systemClock } from "@almanac/kernel";
import { checkBooks } from "@almanac/orders";
import { describe, expect, it } from "vitest";
import { findLoadedWorld, isEmptyDatabase, loadWorld } from "./load.ts";

describe("loading a world", () => {
  describeOnEveryDatabase("into an empty database", (test) => {
    it("writes books that add up: every order to zero, every stock to its entries", async () => {
      expect(await isEmptyDatabase(test.handle)).toBe(true);
      const loaded = await loadWorld(test.handle, { size: "tiny", clock: systemClock });
      const books = await checkBooks(test.db);
      expect(books.problems).toEqual([]);
      expect(books.orders).toBe(loaded.orders);
      expect(books.orders).toBeGreaterThan(100);
      expect(await findLoadedWorld(test.handle)).toMatchObject({ size: "tiny", products: loaded.products });
    });

    it("writes nothing at all when it is interrupted", async () => {
      const interrupted = loadWorld(test.handle, {
        size: "tiny",
        clock: systemClock,
        onProgress: (what) => {
          if (what === "two years of orders") throw new Error("interrupted");
        },
      });
      await expect(interrupted).rejects.toThrow("interrupted");
      expect(await isEmptyDatabase(test.handle)).toBe(true);
    });
  });
});
