import { idFromName, seededRng, type CalendarDay } from "@almanac/kernel";
import { ordersOfDay } from "./history.ts";
import type { World, WorldMarketDay, WorldOrder, WorldProduct } from "./model.ts";
import { supplyOn } from "./season-of-food.ts";
import { turnoutFactor, weatherOn } from "./weather.ts";
import { isStockOut, mayaOf, priceTable, type SizeFigures } from "./world.ts";

/** The orders of one market day, in the order they were placed in the books. */
export interface DayOfOrders {
  readonly day: WorldMarketDay;
  readonly orders: readonly WorldOrder[];
}

/**
 * All orders of the world, one market day at a time, oldest first. The number of orders follows the weather, the season
 * and slow growth, and comes close to `figures.orders` in all; what is coming has orders only while its window is open.
 */
export function* historyOf(world: World & { figures: SizeFigures }): Generator<DayOfOrders> {
  const rng = seededRng(world.seed).fork("history");
  const productsOf = Map.groupBy(world.products, (product) => product.farm.market.id);
  const shoppersOf = Map.groupBy(world.shoppers, (shopper) => shopper.market.id);
  const price = priceTable(world);
  const started = world.marketDays.filter((day) => day.opensAt < world.now).sort((a, b) => compareDays(a, b));
  const expected = started.map((day) => expectedTurnout(world, day));
  const scale = world.figures.orders / expected.reduce((sum, value) => sum + value, 0);
  let sequence = 1;

  for (const [index, day] of started.entries()) {
    const draws = rng.fork(`${day.market.seed.slug}/${day.day}`);
    const isOpen = day.closesAt > world.now;
    // A window that has only been open for a part of its time has a part of its orders.
    const share = isOpen
      ? (world.now.getTime() - day.opensAt.getTime()) / (day.closesAt.getTime() - day.opensAt.getTime())
      : 1;
    const orders = ordersOfDay(
      day,
      shoppersOf.get(day.market.id) ?? [],
      productsOf.get(day.market.id) ?? [],
      {
        rng: draws,
        orderCount: draws.poisson(expected[index]! * scale * Math.min(1, share ** 2)),
        firstSequence: sequence,
        now: world.now,
        ...(isOpen && day.market.seed.slug === "riverside"
          ? { closedSlots: new Set([almostFullSlotIndex]) }
          : {}),
        isSoldOut: (product) => isStockOut(product, day.day),
        priceOn: (product) => price(product, day.closesAt < world.now ? day.closesAt : world.now),
      },
    );
    sequence += orders.length;
    const extra = world.size === "demo" ? storyOrders(world, day, started, sequence) : [];
    sequence += extra.length;
    yield { day, orders: [...orders, ...extra] };
  }
}

function compareDays(a: WorldMarketDay, b: WorldMarketDay): number {
  return a.day < b.day ? -1 : a.day > b.day ? 1 : a.market.seed.slug < b.market.seed.slug ? -1 : 1;
}

function expectedTurnout(world: World, { market, day, closesAt }: WorldMarketDay): number {
  const weather = weatherOn(world.seed, market.seed.slug, day, market.seed.latitude);
  const age = (world.now.getTime() - closesAt.getTime()) / 86_400_000 / 730;
  const growth = 1 - 0.35 * Math.max(0, Math.min(1, age));
  return market.seed.share * turnoutFactor(weather) * growth;
}

/** Maya's four past orders, and 39 orders in the 11:00 slot of Riverside's open window: one place is left there. */
function storyOrders(
  world: World,
  day: WorldMarketDay,
  started: readonly WorldMarketDay[],
  firstSequence: number,
): WorldOrder[] {
  if (day.market.seed.slug !== "riverside") return [];
  if (day.closesAt > world.now) return almostFullSlot(world, day, firstSequence);
  const past = started.filter((other) => other.market === day.market && other.closesAt < world.now);
  const weeksAgo = past.length - past.indexOf(day);
  return [3, 6, 9, 13].includes(weeksAgo) ? [mayasOrder(world, day, firstSequence)] : [];
}

/** Index of the 11:00 slot at Riverside. */
const almostFullSlotIndex = 3;

function almostFullSlot(world: World, day: WorldMarketDay, firstSequence: number): WorldOrder[] {
  const slot = day.slots[almostFullSlotIndex]!;
  const onlyThatSlot = { ...day, slots: [{ ...slot, capacityOrders: slot.capacityOrders - 1 }] };
  const price = priceTable(world);
  return ordersOfDay(
    onlyThatSlot,
    world.shoppers.filter((shopper) => shopper.market === day.market),
    world.products.filter((product) => product.farm.market === day.market),
    {
      rng: seededRng(world.seed).fork("almost-full-slot"),
      orderCount: 400,
      firstSequence,
      now: world.now,
      isSoldOut: () => false,
      priceOn: (product) => price(product, world.now),
    },
  );
}

function mayasOrder(world: World, day: WorldMarketDay, sequence: number): WorldOrder {
  const maya = mayaOf(world);
  const slot = day.slots[2]!;
  return {
    id: idFromName("demo/order", String(sequence)),
    sequence,
    shopper: maya,
    marketDay: day.day,
    windowId: day.windowId,
    slotId: slot.id,
    placedAt: new Date(day.closesAt.getTime() - 7_200_000),
    collectedAt: new Date(slot.startsAt.getTime() + 600_000),
    lines: maya.staples.map((product) => ({
      product,
      quantity: 1,
      weighedBase: product.food.sale.isWeighed ? product.food.sale.unitQuantityBase : undefined,
      unitPriceCents: product.priceCents,
    })),
  };
}

/** What a farm has ready for the coming market days, in base units: generous in season, nothing off season. */
export function stockToday(product: WorldProduct, day: CalendarDay, seed: number): number {
  const supply = product.isAlwaysStocked ? 1 : supplyOn(product.food, day, product.farm.market.seed.latitude);
  if (supply <= 0.02) return 0;
  if (product.name === "Purple basil" && product.farm.seed.slug === "fern-bank")
    return product.food.sale.unitQuantityBase;
  const draws = seededRng(`${seed}/stock/${product.slug}`);
  const units = Math.round((12 + 40 * draws.next()) * supply * Math.sqrt(product.appeal)) + 6;
  // One in thirty is sold out, and one in fifteen nearly.
  const luck = draws.next();
  const left = product.isAlwaysStocked
    ? units + 40
    : luck < 0.033
      ? 0
      : luck < 0.1
        ? 1 + draws.int(3)
        : units;
  return left * product.food.sale.unitQuantityBase;
}
