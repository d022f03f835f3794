/**
 * How long search takes over a shop of 10,000 products: from the database to the window, from a change to the window, and
 * from a query to its answer, with everything a request reads and writes.
 *
 *   node packages/ranking/bench/service.ts      on the embedded database, or on an empty one named by DATABASE_URL
 */
import { insertMany, migrate, openDatabase } from "@almanac/db";
import {
  categories,
  farms,
  harvestWindows,
  marketFarms,
  markets,
  products,
  shoppers,
  stockLevels,
  variants,
  wishes,
} from "@almanac/db/schema";
import { createInProcessBus } from "@almanac/events";
import { days, idFromName, newId, seededRng, systemClock } from "@almanac/kernel";
import type { FarmId, MarketId, ProductId, ShopperId, VariantId } from "@almanac/kernel";
import { createShopWindow, createTasteReader } from "@almanac/signals";
import { silentLogger } from "@almanac/trpc";
import { createLiveRanking, createSearchService } from "../src/router.ts";

const productCount = 10_000;
const farmCount = 200;
const rounds = 300;

const rng = seededRng(7);
const kinds = "Heirloom Cherry Baby Wild Red Green Fresh Organic Golden Sweet Early Late Winter Smoked".split(
  " ",
);
const crops = (
  "tomato potato carrot zucchini broccoli cabbage kale spinach lettuce radish beetroot onion garlic leek pepper aubergine " +
  "cucumber pumpkin squash corn fennel strawberry apple pear plum cherry basil parsley mint honey cheddar butter bread cider"
).split(" ");
const url = process.env["DATABASE_URL"];
const handle = await openDatabase(url ? { url } : { dataDir: "memory" });
await migrate(handle);
const { db } = handle;
await fill();

const bus = createInProcessBus();
const shopWindow = createShopWindow({
  handle,
  bus,
  clock: systemClock,
  log: silentLogger,
  settings: { pollMs: days(1) },
});
const tasteReader = createTasteReader({ bus, shopWindow });
const search = createSearchService({
  shopWindow,
  tasteReader,
  handle,
  clock: systemClock,
  log: silentLogger,
  ranking: createLiveRanking({ handle, bus, log: silentLogger }),
});

console.log(`${productCount} products, ${handle.driver}, node ${process.version}`);
const loadedAt = performance.now();
await shopWindow.load();
console.log(`load with index        ${(performance.now() - loadedAt).toFixed(0)} ms`);
const reloadedAt = performance.now();
await shopWindow.load();
console.log(`load again             ${(performance.now() - reloadedAt).toFixed(0)} ms`);

const shopperId = idFromName<ShopperId>("bench/shopper", "0");
const queries = [
  "tomato",
  "organic basil",
  "chedder",
  "green",
  "apple cider",
  "kale",
  "",
  "fresh bread",
  "zuchini",
];
const queryAt = (round: number): string => queries[round % queries.length]!;
await measure("refresh of 3", (round) => shopWindow.refresh([0, 1, 2].map((k) => productId(round * 3 + k))));
await measure("query", (round) => search.query({ q: queryAt(round) }));
await measure("query, personal", (round) => search.query({ q: queryAt(round) }, shopperId));
await measure("suggest", (round) => Promise.resolve(void search.suggest(queryAt(round).slice(0, 4))));

search.close();
tasteReader.close();
await shopWindow.close();
await bus.close();
await handle.close();

async function measure(name: string, work: (round: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await work(round);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => times[Math.floor(rounds * share)]!.toFixed(1);
  console.log(`${name.padEnd(22)} median ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}

function productId(index: number): ProductId {
  return idFromName<ProductId>("bench/product", String(index));
}

async function fill(): Promise<void> {
  const marketId = idFromName<MarketId>("bench/market", "0");
  const farmId = (index: number): FarmId => idFromName<FarmId>("bench/farm", String(index));
  const names = ["Vegetables", "Greens", "Fruits", "Cheese", "Bakery"];
  await insertMany(
    db,
    categories,
    names.map((name) => ({ slug: name.toLowerCase(), name, picture: "carrot" })),
  );
  const place = { latitude: 41.7, longitude: -73.9 };
  await db
    .insert(markets)
    .values({ id: marketId, slug: "riverside", name: "Riverside", timeZone: "America/New_York", ...place });
  const farmRows = Array.from({ length: farmCount }, (_, index) => ({
    id: farmId(index),
    slug: `farm-${index}`,
    name: `Farm ${index}`,
    latitude: 41 + rng.next(),
    longitude: -74 + rng.next(),
  }));
  await insertMany(db, farms, farmRows);
  await insertMany(
    db,
    marketFarms,
    farmRows.map(({ id }) => ({ marketId, farmId: id })),
  );
  const indexes = Array.from({ length: productCount }, (_, index) => index);
  const rows = indexes.map((index) => ({
    id: productId(index),
    farmId: farmId(index % farmCount),
    slug: `product-${index}`,
    name: `${rng.pick(kinds)} ${rng.pick(crops)}`,
    description: "Picked in the morning, sold at noon.",
    category: names[index % names.length]!.toLowerCase(),
    crop: `crop-${index % 60}`,
    picture: "carrot",
    baseUnit: "g" as const,
    status: "live" as const,
    listedAt: new Date(Date.now() - days(index % 300)),
  }));
  await insertMany(db, products, rows);
  await insertMany(
    db,
    variants,
    indexes.map((index) => ({
      id: idFromName<VariantId>("bench/variant", String(index)),
      productId: productId(index),
      name: "about 500 g",
      priceUnit: "kg",
      unitPriceCents: 100 + (index % 900),
      unitPricePer: 1000,
      unitQuantityBase: 500,
    })),
  );
  await insertMany(
    db,
    stockLevels,
    indexes.map((index) => ({ productId: productId(index), onHandBase: (index % 10) * 1000 })),
  );
  await insertMany(
    db,
    harvestWindows,
    Array.from({ length: 60 }, (_, crop) => ({
      id: newId(),
      crop: `crop-${crop}`,
      firstDay: "05-01",
      peakStart: "06-01",
      peakEnd: "08-01",
      lastDay: "10-01",
    })),
  );
  await db.insert(shoppers).values({ id: idFromName<ShopperId>("bench/shopper", "0") });
  await insertMany(
    db,
    wishes,
    indexes.slice(0, 60).map((index) => ({
      shopperId: idFromName<ShopperId>("bench/shopper", "0"),
      productId: productId(index * 5),
    })),
  );
}
