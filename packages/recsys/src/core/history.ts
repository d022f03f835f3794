import { buildProfile } from "@almanac/signals/core";
import type { TasteEvent, TasteProfile } from "@almanac/signals/core";
import { isDueAgain } from "./replenishment.ts";
import type { RecsysSnapshot } from "./snapshot.ts";
import type { RecentSignal, ShopperRequest, TasteSignal } from "./types.ts";

/** The shopper as one request sees them: history of the snapshot, what came since, and what the request brings. */
export interface ShopperHistory {
  /** Last purchase day by product. */
  readonly purchases: ReadonlyMap<number, number>;
  /** Products looked at, wished for or bought, latest first, at most three: what "similar" starts from. */
  readonly seeds: readonly number[];
  readonly followedFarms: ReadonlySet<number>;
  readonly profile: TasteProfile;
}

const maxSeeds = 3;
/** Orders read per shopper: older ones weigh less than a thousandth after two years anyway. */
const maxOrders = 200;

/** Collects everything known of the shopper. Without an id, or when not personalised, it is empty but for the request. */
export function readHistory(snapshot: RecsysSnapshot, request: ShopperRequest): ShopperHistory {
  const events: TasteEvent[] = [];
  const purchases = new Map<number, number>();
  const touched = new Touched();
  const followedFarms = new Set<number>();
  const add = (
    signal: TasteSignal,
    product: number | undefined,
    category: number,
    farm: number,
    day: number,
  ) => {
    const { columns } = snapshot;
    if (product !== undefined) {
      touched.add(product, day);
      events.push({
        signal,
        category: columns.category[product]!,
        farm: columns.farm[product]!,
        unitPriceCents: columns.unitPriceCents[product]!,
        day,
        amount: 1,
      });
    } else {
      events.push({ signal, category, farm, unitPriceCents: -1, day, amount: 1 });
      if (signal === "farm" && farm >= 0) addFarmCategories(snapshot, farm, day, events);
    }
    if (signal === "farm" && farm >= 0) followedFarms.add(farm);
  };
  const buy = (product: number, day: number) => {
    purchases.set(product, Math.max(day, purchases.get(product) ?? -Infinity));
    add("purchase", product, -1, -1, day);
  };
  const observe = (signal: RecentSignal) => {
    const product = lookUp(snapshot.productIndex, signal.productId);
    if (signal.productId !== undefined && product === undefined) return;
    if (signal.signal === "purchase") {
      if (product !== undefined) buy(product, signal.day);
      return;
    }
    const category = lookUp(snapshot.categoryIndex, signal.category) ?? -1;
    add(signal.signal, product, category, lookUp(snapshot.farmIndex, signal.farmId) ?? -1, signal.day);
  };

  if (request.personalised !== false) {
    const { shopperId } = request;
    if (shopperId !== undefined) {
      eachPurchase(snapshot, shopperId, buy);
      for (const signal of snapshot.signalsByShopper.get(shopperId) ?? []) observe(signal);
      for (const signal of snapshot.overlay.signalsByShopper.get(shopperId) ?? []) observe(signal);
    }
    for (const signal of request.recent ?? []) observe(signal);
  }
  // A page about one category is a look at it, of anybody: without it a stranger's page would be empty.
  if (request.category !== undefined)
    observe({ signal: "browse", category: request.category, day: request.day });
  return {
    purchases,
    seeds: touched.latest(maxSeeds),
    followedFarms,
    profile: buildProfile(events, {
      categoryCount: snapshot.categories.length,
      farmCount: snapshot.farmIds.length,
      day: request.day,
      deletedCategories: indexSet(snapshot.categoryIndex, request.deletedCategories),
      deletedFarms: indexSet(snapshot.farmIndex, request.deletedFarmIds),
    }),
  };
}

/** Bought, and not due again: such a product is left out of what learns from the shopper. */
export function isOwnedAndNotDue(
  snapshot: RecsysSnapshot,
  purchases: ReadonlyMap<number, number>,
  product: number,
  day: number,
): boolean {
  const last = purchases.get(product);
  return last !== undefined && !isDueAgain(day - last, snapshot.columns.medianIntervalDays[product]!);
}

function eachPurchase(
  snapshot: RecsysSnapshot,
  shopperId: string,
  buy: (product: number, day: number) => void,
): void {
  const shopper = snapshot.shopperIndex.get(shopperId);
  if (shopper !== undefined) {
    const { offsets, values } = snapshot.ordersByShopper;
    const { day, lines } = snapshot.orders;
    const end = offsets[shopper + 1]!;
    for (let at = Math.max(offsets[shopper]!, end - maxOrders); at < end; at++) {
      const order = values[at]!;
      const lastLine = lines.offsets[order + 1]!;
      for (let line = lines.offsets[order]!; line < lastLine; line++) buy(lines.values[line]!, day[order]!);
    }
  }
  for (const order of snapshot.overlay.ordersByShopper.get(shopperId) ?? [])
    for (const product of order.products) buy(product, order.day);
}

/** Following a farm likes what it grows: one observation, spread over its categories. */
function addFarmCategories(snapshot: RecsysSnapshot, farm: number, day: number, events: TasteEvent[]): void {
  const grown = new Set(snapshot.productsByFarm[farm]!.map((product) => snapshot.columns.category[product]!));
  for (const category of grown)
    events.push({ signal: "farm", category, farm: -1, unitPriceCents: -1, day, amount: 1 / grown.size });
}

/** What the shopper looked at, wished for or bought, as it came. */
class Touched {
  private readonly products: number[] = [];
  private readonly days: number[] = [];

  add(product: number, day: number): void {
    this.products.push(product);
    this.days.push(day);
  }

  /** Distinct products by their last day, the latest first; on one day what came later. */
  latest(count: number): number[] {
    const { products, days } = this;
    const latest: number[] = [];
    while (latest.length < count) {
      let best = -1;
      for (let at = products.length - 1; at >= 0; at--)
        if ((best === -1 || days[at]! > days[best]!) && !latest.includes(products[at]!)) best = at;
      if (best === -1) break;
      latest.push(products[best]!);
    }
    return latest;
  }
}

function lookUp(index: ReadonlyMap<string, number>, id: string | undefined): number | undefined {
  return id === undefined ? undefined : index.get(id);
}

function indexSet(index: ReadonlyMap<string, number>, ids: readonly string[] | undefined): Set<number> {
  return new Set((ids ?? []).flatMap((id) => index.get(id) ?? []));
}
