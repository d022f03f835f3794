import {
  atMarketTime,
  idFromName,
  priceForQuantity,
  seededRng,
  type Rng,
  type StallSaleId,
} from "@almanac/kernel";
import type { World, WorldMarketDay, WorldProduct } from "./model.ts";
import { supplyOn } from "./season-of-food.ts";
import { turnoutFactor, weatherOn } from "./weather.ts";
import { priceTable } from "./world.ts";

/** What somebody bought at a stall without having ordered. */
export interface WalkInSale {
  readonly id: StallSaleId;
  readonly product: WorldProduct;
  readonly day: WorldMarketDay;
  readonly soldAt: Date;
  readonly quantityBase: number;
  readonly unitPriceCents: number;
  readonly totalCents: number;
  readonly tender: "cash" | "card";
}

export interface WalkInDay {
  readonly product: WorldProduct;
  readonly day: WorldMarketDay;
  readonly sales: readonly WalkInSale[];
  /** When the last of it was sold, on a day on which it ran out early, and when the market closed. */
  readonly soldOut?: { readonly at: Date; readonly until: Date };
  /** What those asked for who came after it had run out, base units; 0 on other days. */
  readonly missedBase: number;
}

/** The farm whose stall the farmer's journey is about; the others sell what is ordered. */
const stallOf = "hollow-oak";
/** Sales of an ordinary product in season on an ordinary day, and how much more of what the stall is known for. */
const usualSales = 2.4;
const famous: Readonly<Record<string, number>> = { "Heirloom tomatoes": 6, Sweetcorn: 3 };
/** Share of days on which a product in season runs out before noon. */
const soldOutShare = 0.07;
/** Of it half of a row came up this year: for so many market days it has been gone before noon. */
const scarce = { name: "Runner beans", marketDays: 5 };
/**
 * A feast in the town: its cooks took so many times as much of it as is usual on the latest market day before today. Nothing in the
 * farm's books tells why.
 */
const feast = { name: "Russet potatoes", times: 6 };
/** Shares of the tenths of a market day: most come in its second fifth. */
const byTenth = [0.06, 0.11, 0.15, 0.15, 0.13, 0.11, 0.1, 0.08, 0.07, 0.04];

/**
 * What walk-ins bought at one stall on every market day that is over, oldest first. How much follows the season, the weather
 * and how liked a product is; on some days it runs out, and who comes later gets nothing.
 */
export function* walkInsOf(world: World): Generator<WalkInDay> {
  const price = priceTable(world);
  const products = stallProducts(world);
  const own = world.marketDays.filter(({ market }) => market === products[0]?.farm.market);
  const over = own.filter((day) => hoursOf(day).closesAt < world.now);
  const scarceDays = new Set(over.slice(-scarce.marketDays));
  const feastDay = latestDayBefore(world);
  for (const day of over) {
    const hours = hoursOf(day);
    const weather = weatherOn(world.seed, day.market.seed.slug, day.day, day.market.seed.latitude);
    for (const product of products) {
      if (product.listedAt > hours.opensAt) continue;
      const supply = supplyOn(product.food, day.day, day.market.seed.latitude);
      const isFeast = product.name === feast.name && day === feastDay;
      const expected =
        (isFeast ? feast.times : 1) *
        usualSales *
        (famous[product.name] ?? Math.sqrt(product.appeal)) *
        (product.isAlwaysStocked ? Math.max(0.25, supply) : supply) *
        turnoutFactor(weather);
      const rng = seededRng(`${world.seed}/walk-ins/${day.day}/${product.slug}`);
      const isScarce = product.name === scarce.name && scarceDays.has(day);
      const unitPriceCents = price(product, hours.opensAt);
      const found = sellDay({ product, day, rng, expected, unitPriceCents, isScarce, isFeast });
      if (found.sales.length > 0) yield found;
    }
  }
}

/** What the farm of the farmer's journey sells. */
export const stallProducts = ({ products }: World): WorldProduct[] =>
  products.filter(({ farm }) => farm.seed.slug === stallOf);

/** The latest market day of that farm before today; `undefined` where there was none. */
export function latestDayBefore(world: World): WorldMarketDay | undefined {
  const [first] = stallProducts(world);
  const today = world.now.toISOString().slice(0, 10);
  return world.marketDays.findLast(({ market, day }) => market === first?.farm.market && day < today);
}

interface DayQuestion {
  readonly product: WorldProduct;
  readonly day: WorldMarketDay;
  readonly rng: Rng;
  /** Sales on average. */
  readonly expected: number;
  readonly unitPriceCents: number;
  /** It runs out, where anybody wants it. */
  readonly isScarce: boolean;
  /** There was enough for all who came. */
  readonly isFeast: boolean;
}

function sellDay({ product, day, rng, expected, unitPriceCents, isScarce, isFeast }: DayQuestion): WalkInDay {
  const { opensAt, closesAt } = hoursOf(day);
  const isShort = !isFeast && ((expected > 1.5 && rng.next() < soldOutShare) || isScarce);
  const endsAt = isShort ? 0.45 + 0.3 * rng.next() : 1;
  const asked = Array.from(
    { length: rng.poisson(expected) },
    () => (rng.weighted(byTenth) + rng.next()) / byTenth.length,
  );
  const parts = asked.filter((part) => part < endsAt).sort((a, b) => a - b);
  const sales = parts.map((part, at): WalkInSale => {
    const quantityBase = quantityOf(product, rng);
    return {
      id: idFromName("demo/walk-in", `${day.day}/${product.slug}/${at}`),
      product,
      day,
      soldAt: new Date(opensAt.getTime() + part * (closesAt.getTime() - opensAt.getTime())),
      quantityBase,
      unitPriceCents,
      totalCents: priceForQuantity(unitPriceCents, product.food.sale.pricePer, quantityBase),
      tender: rng.next() < 0.6 ? "cash" : "card",
    };
  });
  let missedBase = 0;
  for (let at = parts.length; at < asked.length; at++) missedBase += quantityOf(product, rng);
  const last = sales.at(-1);
  return {
    product,
    day,
    sales,
    ...(isShort && last && { soldOut: { at: last.soldAt, until: closesAt } }),
    missedBase,
  };
}

/** By weight as it comes off the scale, else one or two. */
function quantityOf({ food: { sale } }: WorldProduct, rng: Rng): number {
  if (sale.isWeighed) return Math.round(sale.unitQuantityBase * (0.5 + 1.2 * rng.next()));
  return sale.unitQuantityBase * (rng.next() < 0.75 ? 1 : 2);
}

function hoursOf({ market: { seed }, day }: WorldMarketDay): { opensAt: Date; closesAt: Date } {
  const at = (wall: string): Date =>
    atMarketTime(day, Number(wall.slice(0, 2)), Number(wall.slice(3, 5)), seed.timeZone);
  return { opensAt: at(seed.opensAt), closesAt: at(seed.closesAt) };
}
