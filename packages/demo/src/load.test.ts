import { sql } from "drizzle-orm";
import { rows } from "@almanac/db";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { callerNamed } from "@almanac/catalog/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { createExperimentsService, experimentsRoutes } from "@almanac/experiments/router";
import { systemClock } from "@almanac/kernel";
import { checkBooks } from "@almanac/orders";
import { recsysRoutes } from "@almanac/recsys/router";
import { startRecsys } from "@almanac/recsys/testing";
import { createCallerFactory, router, silentLogger } from "@almanac/trpc";
import { describe, expect, it } from "vitest";
import { findLoadedWorld, isEmptyDatabase, loadWorld } from "./load.ts";
import { demoRoutes } from "./router.ts";

const clock = { now: () => new Date("2025-08-13T22:00:00Z") };

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
      // Nothing that was sold in the twelve weeks before is unusual.
      const [lately] = await rows<{ days: number; beyond: number }>(
        test.db,
        sql`with sold as (
            select l.product_id, w.market_day, coalesce(l.weighed_base, l.quantity_base) as base
            from order_windows w join orders o on o.order_window_id = w.id and o.status <> 'cancelled'
              join order_lines l on l.order_id = o.id
            union all select product_id, market_day, quantity_base from stall_sales
          ),
          each as (
            select f.p10, f.p90, (select coalesce(sum(s.base), 0) from sold s
              where s.product_id = f.product_id and s.market_day = w.market_day) as base
            from demand_forecasts f join order_windows w on w.market_id = f.market_id
              and w.market_day < f.market_day and w.market_day >= f.market_day - 84
          )
          select count(*)::int as days, count(*) filter (where base not between p10 and p90)::int as beyond from each`,
      );
      expect(lately!.days).toBeGreaterThanOrEqual(12 * expected!.products);
      expect(lately!.beyond).toBe(0);
      expect(await findLoadedWorld(test.handle)).toMatchObject({ size: "tiny", products: loaded.products });
    });

    it("lets operators find out what is true of the lists of recommendations that it made", async () => {
      // The tiny one has no new farm, so that nothing is left to chance, and too few shoppers to compare.
      const figures = { products: 80, shoppers: 330, orders: 200, daysBack: 60 };
      await loadWorld(test.handle, { size: "demo", seed: 43, figures, clock });
      const bus = createInProcessBus();
      const recsys = await startRecsys(test.handle, { clock, bus });
      const experiments = createExperimentsService({ handle: test.handle, bus, clock, log: silentLogger });
      const { admin: quality } = recsysRoutes({ recsys: recsys.service });
      const { admin: trials } = experimentsRoutes({ experiments, bus, allowsSimulation: true });
      const caller = callerNamed("ines", { roles: ["operator", "analyst"] });
      const api = createCallerFactory(router({ ...quality, ...trials, ...demoRoutes({}).admin }))(
        aRequestContext(test.handle, { caller, clock }),
      );
      const generated = (await api.demo.recommendations())!;
      const { live, drawn, exposure } = await api.recommendations.quality();
      const { arms, drawn: draws } = generated.truth;
      expect(live.reduce((sum, { slates }) => sum + slates, 0)).toBe(generated.lists);
      expect(live.map(({ arm }) => arm)).toEqual(Object.keys(arms));
      const told = live.map(({ arm, clicked }) => ({ ...clicked, truth: arms[arm as keyof typeof arms] }));
      expect(drawn.map((one) => one.drawn).toSorted()).toEqual(Object.keys(draws).toSorted());
      told.push(...drawn.map(({ drawn: how, clicked }) => ({ ...clicked, truth: draws[how]! })));
      expect(exposure.explored).toBe(drawn.find((one) => one.drawn === "as drawn")?.impressions);

      const [trial] = await api.experiments.list({});
      const { verdict, ratio, comparisons } = await api.experiments.results({ id: trial!.id });
      expect([verdict.kind, ratio.isAlarm, trial!.hasSimulated]).toEqual([expect.any(String), false, true]);
      const lift = arms["item-knn"] / arms.control - 1;
      // Who orders does not go by the arm.
      for (const [key, truth] of [["recommendation_ctr", lift] as const, ["conversion", 0] as const]) {
        const { value, low, high } = comparisons.find(({ metric }) => metric === key)!.relative!;
        told.push({ share: value, lower: low, upper: high, effectivePlaces: 0, truth });
      }
      expect(told.length).toBeGreaterThan(6);
      // In one world an interval of 95 % may miss; none misses by as much again. `recommending.test.ts` counts how many do.
      for (const { share, lower, upper, truth } of told) {
        expect(truth).toBeGreaterThan(share - 2 * (share - lower));
        expect(truth).toBeLessThan(share + 2 * (upper - share));
      }
      experiments.close();
      await recsys.stop();
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
