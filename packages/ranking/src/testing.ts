import { createInProcessBus, type Bus } from "@almanac/events";
import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  productIdOf,
  testNow,
} from "@almanac/catalog/testing";
import type { DatabaseHandle } from "@almanac/db";
import { days, type Clock } from "@almanac/kernel";
import { createShopWindow, createTasteReader, type ShopWindow, type TasteReader } from "@almanac/signals";
import { stockProduct } from "@almanac/signals/testing";
import { silentLogger } from "@almanac/trpc";
import type { ChooseArm } from "./arms.ts";
import type { OutsideEngine } from "./engines/opensearch.ts";
import { createSearchService, type SearchService } from "./service.ts";
import { createLiveRanking, type LiveRanking } from "./versions/live-ranking.ts";

/** A small market with produce that many fixture queries find, each in stock. */
export async function buildSmallShop({ db }: DatabaseHandle): Promise<void> {
  const market = await buildMarket(db);
  await buildOpenWindow(db, market);
  await buildFarm(db, { name: "Hollow Oak" });
  await buildFarm(db, { slug: "whey-street", name: "Whey Street", latitude: 41.5, longitude: -73.9 });
  for (const [name, category, farmSlug] of smallShop) {
    const slug = slugOf(name);
    const weeks = name.length % 7;
    await buildProduct(db, {
      slug,
      name,
      category,
      farmSlug,
      crop: "",
      listedAt: new Date(testNow.getTime() - days(2 + 7 * weeks)),
    });
    await stockProduct(db, productIdOf(slug), 60_000);
  }
  await buildPerson(db, "maya");
  await buildPerson(db, "ines");
}

const slugOf = (name: string): string => name.toLowerCase().replaceAll(" ", "-");

const smallShop = [
  ["Heirloom tomato", "vegetables", "hollow-oak"],
  ["Tomato on the vine", "vegetables", "whey-street"],
  ["Cherry tomatoes with basil", "vegetables", "hollow-oak"],
  ["Dried tomato sauce", "preserved", "whey-street"],
  ["Aubergine", "vegetables", "hollow-oak"],
  ["Courgette", "vegetables", "whey-street"],
  ["Fresh lettuce", "greens", "hollow-oak"],
  ["Winter lettuce salad mix", "greens", "whey-street"],
  ["Curly kale greens", "greens", "hollow-oak"],
  ["Baby spinach greens", "greens", "whey-street"],
  ["Carrot bunch", "vegetables", "hollow-oak"],
  ["Rainbow carrots", "vegetables", "whey-street"],
  ["Sweet potato", "vegetables", "hollow-oak"],
  ["New potatoes", "vegetables", "whey-street"],
  ["Red onion", "vegetables", "hollow-oak"],
  ["Apple cider", "drinks", "whey-street"],
  ["Braeburn apple", "fruits", "hollow-oak"],
  ["Strawberry", "fruits", "whey-street"],
  ["Strawberry jam", "preserved", "hollow-oak"],
  ["Basil bunch", "herbs", "whey-street"],
  ["Fresh cheese", "cheese", "whey-street"],
  ["Goat cheese with herbs", "cheese", "hollow-oak"],
  ["Honey", "honey", "hollow-oak"],
] as const;

export interface TestSearch extends Disposable {
  readonly bus: Bus;
  readonly shopWindow: ShopWindow;
  readonly tasteReader: TasteReader;
  readonly ranking: LiveRanking;
  readonly search: SearchService;
}

/** A search service as one process has it. It looks for nothing unasked, so that a test decides when. */
export async function openTestSearch(
  handle: DatabaseHandle,
  {
    clock,
    bus = createInProcessBus(),
    chooseArm,
    outsideEngine,
    isLoaded = true,
  }: {
    clock: Clock;
    bus?: Bus;
    chooseArm?: ChooseArm;
    outsideEngine?: OutsideEngine;
    /** False is a process that has not read the shop yet. */
    isLoaded?: boolean;
  },
): Promise<TestSearch> {
  const log = silentLogger;
  const shopWindow = createShopWindow({ handle, bus, clock, log, settings: { pollMs: days(1) } });
  const tasteReader = createTasteReader({ bus, shopWindow });
  const ranking = createLiveRanking({ handle, bus, log, pollMs: days(1) });
  const search = createSearchService({
    shopWindow,
    tasteReader,
    handle,
    clock,
    log,
    ranking,
    ...(chooseArm && { chooseArm }),
    ...(outsideEngine && { outsideEngine }),
  });
  if (isLoaded) await shopWindow.load();
  await ranking.start();
  return {
    bus,
    shopWindow,
    tasteReader,
    ranking,
    search,
    [Symbol.dispose]() {
      search.close();
      ranking.close();
      tasteReader.close();
      void shopWindow.close();
    },
  };
}
