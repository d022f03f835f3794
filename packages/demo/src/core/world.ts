import { days, idFromName, seededRng, type Rng, type ShopperId } from "@almanac/kernel";
import { marketDaysOf } from "./calendar.ts";
import { growCatalogue } from "./catalogue.ts";
import type {
  PriceChange,
  World,
  WorldFarm,
  WorldMarket,
  WorldProduct,
  WorldShopper,
  WorldSize,
} from "./model.ts";
import { farmSeeds, generatedFarmName, marketSeeds, type FarmSeed } from "./places.ts";
import { drawTaste } from "./tastes.ts";
import { categorySeeds } from "./categories.ts";
import { slugOf } from "./catalogue.ts";

export interface SizeFigures {
  readonly farms: number;
  readonly products: number;
  readonly shoppers: number;
  readonly orders: number;
  readonly daysBack: number;
}

/** `load` may be asked for more of anything. */
export const sizeFigures: Record<WorldSize, SizeFigures> = {
  tiny: { farms: 6, products: 60, shoppers: 40, orders: 200, daysBack: 120 },
  demo: { farms: 14, products: 300, shoppers: 640, orders: 10_000, daysBack: 730 },
  load: { farms: 420, products: 10_000, shoppers: 5_000, orders: 100_000, daysBack: 730 },
};

export interface WorldOptions {
  readonly size: WorldSize;
  readonly seed?: number;
  /** The world ends here: history before, order windows after. */
  readonly now: Date;
  readonly figures?: Partial<SizeFigures>;
  /** The shopper of Maya's account, which is made before the world. */
  readonly mayaId?: ShopperId;
}

/** Everything but the orders, which `historyOf` generates day by day. The same options give the same world. */
export function createWorld({
  size,
  seed = 42,
  now,
  figures,
  mayaId,
}: WorldOptions): World & { figures: SizeFigures } {
  const all = { ...sizeFigures[size], ...figures };
  const rng = seededRng(seed);
  const markets = marketSeeds
    .slice(0, size === "tiny" ? 1 : marketSeeds.length)
    .map((market): WorldMarket => ({ id: idFromName("demo/market", market.slug), seed: market }));
  const farms = settleFarms(markets, all.farms, now, rng.fork("farms"));
  const products = growCatalogue(farms, {
    rng: rng.fork("catalogue"),
    now,
    productsPerFarm: (farm) =>
      Math.max(3, Math.round((all.products / farms.length) * (farm.seed.productCount / meanCount(farms)))),
  });
  return {
    size,
    seed,
    now,
    mayaId: mayaId ?? idFromName("demo/shopper", "maya"),
    figures: all,
    markets,
    farms,
    products,
    shoppers: inviteShoppers(markets, products, all.shoppers, now, rng.fork("shoppers")),
    marketDays: markets.flatMap((market) => marketDaysOf(market, now, all.daysBack)),
    priceChanges: changePrices(products, now, rng.fork("prices")),
  };
}

const meanCount = (farms: readonly WorldFarm[]): number =>
  farms.reduce((sum, farm) => sum + farm.seed.productCount, 0) / farms.length;

function settleFarms(markets: readonly WorldMarket[], count: number, now: Date, rng: Rng): WorldFarm[] {
  const marketOf = new Map(markets.map((market) => [market.seed.slug, market]));
  const seeds = farmSeeds.filter((seed) => marketOf.has(seed.market)).slice(0, count);
  const generated = Array.from({ length: Math.max(0, count - seeds.length) }, (_, n) =>
    generatedFarm(n, markets, rng),
  );
  return [...seeds, ...generated].map((seed) => {
    const market = marketOf.get(seed.market)!;
    return {
      id: idFromName("demo/farm", seed.slug),
      seed,
      market,
      latitude: market.seed.latitude + seed.offset[0],
      longitude: market.seed.longitude + seed.offset[1],
      joinedAt: new Date(now.getTime() - days(seed.joinedDaysAgo)),
    };
  });
}

function generatedFarm(n: number, markets: readonly WorldMarket[], rng: Rng): FarmSeed {
  const name = generatedFarmName(n);
  const kinds = rng.shuffle(categorySeeds.map((category) => category.slug)).slice(0, 3 + rng.int(3));
  return {
    slug: slugOf(name),
    name,
    town: "",
    story: "A generated farm, for measuring at scale.",
    picture: "farmer",
    market: markets[rng.weighted(markets.map((market) => market.seed.share))]!.seed.slug,
    stall: String(20 + n),
    isOrganic: rng.next() < 0.3,
    offset: [0.4 * (rng.next() - 0.5), 0.5 * (rng.next() - 0.5)],
    grows: kinds,
    productCount: 15 + rng.int(15),
    joinedDaysAgo: rng.next() < 0.1 ? rng.int(80) + 5 : 900,
  };
}

function inviteShoppers(
  markets: readonly WorldMarket[],
  products: readonly WorldProduct[],
  count: number,
  now: Date,
  rng: Rng,
): WorldShopper[] {
  const byMarket = new Map(
    markets.map((market) => [market.id, products.filter((product) => product.farm.market.id === market.id)]),
  );
  return Array.from({ length: count }, (_, n): WorldShopper => {
    const draws = rng.fork(String(n));
    const market = markets[draws.weighted(markets.map((candidate) => candidate.seed.share))]!;
    const taste = drawTaste(draws);
    const choices = byMarket.get(market.id)!;
    const weights = choices.map((product) => product.appeal * (product.food.tastes.includes(taste) ? 6 : 1));
    const staples = Array.from({ length: 5 + draws.int(6) }, () => choices[draws.weighted(weights)]!);
    return {
      id: idFromName("demo/shopper", String(n)),
      market,
      taste,
      // A few come every week, most now and then.
      visitProbability: 0.04 + 0.9 * draws.next() ** 2.5,
      staples: [...new Set(staples.filter((product) => product.food.isReplenishable))],
      joinedAt: new Date(now.getTime() - days(1_100 * draws.next() ** 0.5)),
    };
  });
}

/** Maya of the journeys, at Riverside; her four past orders are generated apart. */
export function mayaOf(world: World): WorldShopper {
  const market = world.markets[0]!;
  const likes = ["Heirloom tomatoes", "Basil", "Mozzarella", "Parsley"];
  return {
    id: world.mayaId,
    market,
    taste: "italian",
    visitProbability: 0,
    staples: world.products.filter(
      (product) => product.farm.market === market && likes.includes(product.name),
    ),
    joinedAt: new Date(world.now.getTime() - days(400)),
  };
}

/** Every product's price moves once or twice over two years; one in twelve came down in the last days. */
function changePrices(products: readonly WorldProduct[], now: Date, rng: Rng): PriceChange[] {
  return products.flatMap((product) => {
    if (product.isAlwaysStocked) return [];
    const draws = rng.fork(product.slug);
    const changes: PriceChange[] = [];
    const step = product.priceCents < 200 ? 5 : 10;
    const earlier = Math.max(
      step,
      Math.round((product.priceCents * (0.88 + 0.1 * draws.next())) / step) * step,
    );
    const isReduced = draws.next() < 0.085 && product.priceCents > 250;
    const before = isReduced ? Math.ceil((product.priceCents * 1.12) / step) * step : product.priceCents;
    if (earlier !== before) {
      const changedAt = new Date(now.getTime() - days(60 + 500 * draws.next()));
      changes.push({
        product,
        oldPriceCents: earlier,
        newPriceCents: before,
        changedAt,
        reason: "new season",
      });
    }
    if (isReduced) {
      const changedAt = new Date(now.getTime() - days(0.2 + 4 * draws.next()));
      changes.push({
        product,
        oldPriceCents: before,
        newPriceCents: product.priceCents,
        changedAt,
        reason: "plenty this week",
      });
    }
    return changes;
  });
}

/** The price at a moment, from the changes. */
export function priceTable(world: World): (product: WorldProduct, at: Date) => number {
  const byProduct = Map.groupBy(world.priceChanges, (change) => change.product);
  return (product, at) => {
    const changes = byProduct.get(product) ?? [];
    const next = changes.find((change) => change.changedAt > at);
    return next ? next.oldPriceCents : product.priceCents;
  };
}

/** The week in which late frost took the strawberries, every year: the story's stock-out. */
export function isStockOut(product: WorldProduct, day: string): boolean {
  return product.food.crop === "strawberry" && day.slice(5) >= "06-12" && day.slice(5) <= "06-18";
}
