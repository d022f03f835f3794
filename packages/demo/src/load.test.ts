import { sql } from "drizzle-orm";
import { rows } from "@almanac/db";
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
      // What was picked for orders was enough: their last did not leave the product sold out.
      const gone = await rows<{ id: string }>(
        test.db,
        sql`with ledger as (
            select order_line_id, sum(delta_base) over (partition by product_id order by at, seq) as on_hand, at
            from stock_entries
          )
          select l.order_line_id as id from ledger l
          join order_lines ol on ol.id = l.order_line_id join orders o on o.id = ol.order_id
          join order_windows w on w.id = o.order_window_id
          where l.on_hand <= 0 and w.market_day < current_date`,
      );
      expect(gone).toEqual([]);
      const [news] = await rows<{ told: number; early: number }>(
        test.db,
        sql`select count(*)::int as told,
          count(*) filter (where read_at < created_at)::int as early
          from notifications`,
      );
      expect(news!.told).toBeGreaterThan(0);
      expect(news!.early).toBe(0);
      // What was expected of the latest market day, and nothing of days to come: those are for the models.
      const [expected] = await rows<{ products: number; days: number; ordered: boolean; over: boolean }>(
        test.db,
        sql`select count(*)::int as products, count(distinct market_day)::int as days,
          bool_and(0 <= p10 and p10 <= p50 and p50 <= p90 and p90 > 0) as ordered, bool_and(market_day < current_date) as over
          from demand_forecasts`,
      );
      expect(expected).toMatchObject({ days: 1, ordered: true, over: true });
      expect(expected!.products).toBeGreaterThan(2);
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
