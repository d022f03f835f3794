import { afterEach, beforeEach, expect, it } from "vitest";
import { describeOnEveryDatabase, testRedisUrl } from "@almanac/db/testing";
import { buildMarket, buildOpenWindow, buildPerson, shopperIdOf } from "@almanac/catalog/testing";
import { createInProcessBus, type Bus } from "@almanac/events";
import { newId, seededRng } from "@almanac/kernel";
import { buildOrder, fillCart, openSmallStall, stallGoods, type StallGood } from "../testing.ts";
import { startSellerProcess } from "./seller-processes.ts";
import { askedLists, startSeller, type Seller, type StallChange } from "./seller.ts";

const maya = shopperIdOf("maya");
const goods = Object.keys(stallGoods) as StallGood[];
const filled: readonly StallGood[] = ["tomato", "kale"];

const rounds = 500;
/** Asked of the one seller while the other changes the stall. */
const callsMeanwhile = 10;
/** Asked of both when the change is done. */
const callsAfterwards = 10;

/**
 * Two sellers on one database: processes of their own over PostgreSQL and Redis, else two services of this process on the
 * embedded database, which only one process can open.
 */
describeOnEveryDatabase("10,000 random calls over a changing stock", (test) => {
  let sellers: Seller[] = [];
  let bus: Bus;

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
    await fillCart(test.db, maya, filled);
    bus = createInProcessBus();
    const { url } = test;
    const redisUrl = testRedisUrl();
    const prefix = `random-calls:${newId()}:`;
    sellers = await Promise.all(
      [0, 1].map(() =>
        url !== undefined && redisUrl !== undefined
          ? startSellerProcess({ url, redisUrl, prefix })
          : startSeller(test.handle, bus),
      ),
    );
  }, 120_000);
  afterEach(async () => {
    await Promise.all(sellers.map((seller) => seller.stop()));
    await bus.close();
  });

  it("show nothing that is sold out, delisted, excluded, in the cart, on the page or beyond the order window", async () => {
    const rng = seededRng(11);
    const live = new Set<string>(goods);
    const stocked = new Set<string>(goods);
    let isOpen = true;
    /** What may be shown now; while a change goes on, what may be shown before or after it. */
    let offered = new Set<string>(goods);
    /** The same of calls that are not answered yet: what came while they were open may be shown. */
    const open = new Set<Set<string>>();
    /** What is in the cart for certain, and the same for the calls of its shopper that are not answered yet. */
    const cart = new Set<StallGood>(filled);
    const openCarts = new Set<Set<string>>();
    let shown = 0;
    let empty = 0;

    function nextChange(round: number): StallChange {
      if (round % 25 === 20 || round % 25 === 24) return { kind: "window", isOpen: round % 25 === 24 };
      const good = rng.pick(goods);
      // An empty cart has nothing to be completed, so two things stay in it.
      if (round % 5 === 3 && !filled.includes(good))
        return { kind: "cart", shopperId: maya, good, isIn: !cart.has(good) };
      if (rng.next() < 0.3) {
        const isLive = rng.next() < 0.8;
        return { kind: "listing", good, isLive, isTold: isLive || rng.next() < 0.3 };
      }
      const isStocked = rng.next() < 0.75;
      const onHandBase = isStocked ? 10_000 : rng.int(700);
      return { kind: "stock", good, onHandBase, isTold: isStocked || rng.next() < 0.3 };
    }

    function offeredAfter(change: StallChange): Set<string> {
      const put = (set: Set<string>, good: string, isIn: boolean) =>
        isIn ? set.add(good) : set.delete(good);
      if (change.kind === "window") isOpen = change.isOpen;
      else if (change.kind === "cart") return offered;
      else if (change.kind === "listing") put(live, change.good, change.isLive);
      else put(stocked, change.good, change.onHandBase >= 10_000);
      return new Set(goods.filter((good) => isOpen && live.has(good) && stocked.has(good)));
    }

    /** One seller changes the database behind the back of the other, and now and then tells itself. */
    async function change(seller: Seller, change: StallChange): Promise<void> {
      const after = offeredAfter(change);
      for (const may of [offered, ...open]) for (const good of after) may.add(good);
      // What is on its way out may be shown again, and what is on its way in may be shown once more.
      if (change.kind === "cart") for (const sure of [cart, ...openCarts]) sure.delete(change.good);
      await seller.change(change);
      if (change.kind === "cart" && change.isIn) cart.add(change.good);
      if (change.kind === "window") await Promise.all(sellers.map((each) => each.reload()));
      offered = after;
    }

    async function call(seller: Seller): Promise<void> {
      const isMaya = rng.next() < 0.6;
      const ask = {
        list: rng.pick(askedLists),
        ...(isMaya && { shopperId: maya }),
        limit: 1 + rng.int(12),
        excluded: rng.pick(goods),
        onPage: rng.pick(goods),
      };
      const may = new Set(offered);
      const inCart = new Set<string>(isMaya ? cart : []);
      open.add(may);
      openCarts.add(inCart);
      const items = await seller.ask(ask);
      open.delete(may);
      openCarts.delete(inCart);
      const slugs = items.map(({ slug }) => slug);
      const never = new Set<string>([ask.excluded, ask.onPage, ...inCart]);
      const wrong = items.flatMap(({ slug, reason, firstTerm, sentence }, at) => [
        ...(may.has(slug) && !never.has(slug) ? [] : [`${slug} may not be shown`]),
        ...(slugs.indexOf(slug) === at ? [] : [`${slug} is shown twice`]),
        ...(reason === firstTerm ? [] : [`${slug} is shown for ${reason}, not for ${firstTerm}`]),
        ...(sentence === "" ? [`${slug} is shown without a reason`] : []),
      ]);
      // One assertion for all of it: fifteen for each of 10,000 calls take a second of processor.
      expect(wrong).toEqual([]);
      shown += slugs.length;
      if (slugs.length === 0) empty++;
    }

    for (let round = 0; round < rounds; round++) {
      const changing = sellers[round % 2]!;
      const answering = sellers[(round + 1) % 2]!;
      await Promise.all([
        ...Array.from({ length: callsMeanwhile }, () => call(answering)),
        change(changing, nextChange(round)),
      ]);
      await Promise.all(Array.from({ length: callsAfterwards }, () => call(rng.pick(sellers))));
    }
    const total = rounds * (callsMeanwhile + callsAfterwards);
    // It would be easy to show nothing wrong by showing nothing.
    expect(shown).toBeGreaterThan(total);
    expect(empty).toBeLessThan(0.8 * total);
  }, 170_000);
});
