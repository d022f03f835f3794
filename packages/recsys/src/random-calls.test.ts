import { afterEach, beforeEach, expect, it } from "vitest";
import { eq } from "drizzle-orm";
import { orderWindows, products } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import {
  buildMarket,
  buildOpenWindow,
  buildPerson,
  productIdOf,
  shopperIdOf,
} from "@almanac/catalog/testing";
import { createInProcessBus, createRedisBus, type Bus } from "@almanac/events";
import { seededRng } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import {
  buildOrder,
  fillCart,
  openSmallStall,
  setStock,
  stallGoods,
  startRecsys,
  type StallGood,
  type TestRecsys,
} from "./testing.ts";

const maya = shopperIdOf("maya");
const goods = Object.keys(stallGoods) as StallGood[];
const cart: readonly StallGood[] = ["tomato", "kale"];
const redisUrl = process.env["TEST_REDIS_URL"];

const rounds = 500;
const callsAtOnce = 20;

/** Two services on one database, as two processes have them: over Redis where there is a server of both, else one bus. */
describeOnEveryDatabase("10,000 random calls over a changing stock", (test) => {
  let services: TestRecsys[] = [];
  let buses: Bus[] = [];

  beforeEach(async () => {
    await openSmallStall(test.db);
    await buildOpenWindow(
      test.db,
      await buildMarket(test.db, { slug: "hilltop", latitude: 42.4, longitude: -73.9 }),
    );
    await buildPerson(test.db, "maya");
    for (const [name, basket] of Object.entries({
      caprese: ["tomato", "mozzarella", "basil"],
      salad: ["kale", "spinach", "carrot"],
      fruit: ["peach", "plum", "brie"],
    } as const)) {
      for (let i = 0; i < 9; i++) {
        await buildPerson(test.db, `${name}-${i}`);
        await buildOrder(test.db, shopperIdOf(`${name}-${i}`), { daysAgo: 1 + (i % 5), goods: basket });
      }
    }
    await buildOrder(test.db, maya, { daysAgo: 12, goods: ["tomato", "peach", "brie"] });
    await fillCart(test.db, maya, cart);
    const shared = createInProcessBus();
    const isApart = test.driver === "postgres" && redisUrl !== undefined;
    buses = [0, 1].map(() => (isApart ? createRedisBus({ url: redisUrl, log: silentLogger }) : shared));
    services = await Promise.all(buses.map((bus) => startRecsys(test.handle, { bus })));
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await Promise.all([...new Set(buses)].map((bus) => bus.close()));
  });

  it("show nothing that is sold out, delisted, excluded, in the cart, on the page or beyond the order window", async () => {
    const rng = seededRng(11);
    const offered = new Set<string>(goods);
    const live = new Set<string>(goods);
    const stocked = new Set<string>(goods);
    let isOpen = true;
    let shown = 0;
    let empty = 0;

    /** Changes the database behind the back of both services, and now and then tells one of them. */
    async function change(round: number): Promise<void> {
      const slug = rng.pick(goods);
      const at = rng.pick(services);
      if (round % 25 === 20 || round % 25 === 24) {
        isOpen = round % 25 === 24;
        await test.db.update(orderWindows).set({ isCancelled: !isOpen });
        // Windows are read with the shop window; a market manager's change tells every process.
        for (const service of services) await service.shopWindow.load();
      } else if (rng.next() < 0.3) {
        const isLive = rng.next() < 0.8;
        await test.db
          .update(products)
          .set({ status: isLive ? "live" : "hidden" })
          .where(eq(products.id, productIdOf(slug)));
        if (isLive) live.add(slug);
        else live.delete(slug);
        if (isLive || rng.next() < 0.3) await at.shopWindow.refresh([productIdOf(slug)]);
      } else {
        const isStocked = rng.next() < 0.75;
        await setStock(test.db, slug, isStocked ? 10_000 : rng.int(700));
        if (isStocked) stocked.add(slug);
        else stocked.delete(slug);
        if (isStocked || rng.next() < 0.3) await at.shopWindow.refresh([productIdOf(slug)]);
      }
      offered.clear();
      for (const good of goods) if (isOpen && live.has(good) && stocked.has(good)) offered.add(good);
    }

    async function call(): Promise<void> {
      const { service } = rng.pick(services);
      const excluded = rng.pick(goods);
      const onPage = rng.pick(goods);
      const isMaya = rng.next() < 0.6;
      const ask = {
        ...(isMaya && { shopperId: maya }),
        limit: 1 + rng.int(12),
        excludeProductIds: [productIdOf(excluded)],
        productId: productIdOf(onPage),
      };
      const { items } = await rng.pick([
        () => service.forShopper(ask),
        () => service.similarItems(ask),
        () => service.boughtTogether(ask),
        () => service.forCart(ask),
        () => service.trending(ask),
      ])();
      const slugs = items.map(({ card }) => card.slug);
      const never = new Set<string>([excluded, onPage, ...(isMaya ? cart : [])]);
      expect(slugs.filter((slug) => !offered.has(slug) || never.has(slug))).toEqual([]);
      expect(new Set(slugs).size).toBe(slugs.length);
      for (const { reason, explain, sentence } of items) {
        expect(reason).toBe(explain[0]?.reason);
        expect(sentence).not.toBe("");
      }
      shown += slugs.length;
      if (slugs.length === 0) empty++;
    }

    for (let round = 0; round < rounds; round++) {
      await change(round);
      await Promise.all(Array.from({ length: callsAtOnce }, call));
    }
    // It would be easy to show nothing wrong by showing nothing.
    expect(shown).toBeGreaterThan(rounds * callsAtOnce);
    expect(empty).toBeLessThan(0.8 * rounds * callsAtOnce);
  }, 170_000);
});
