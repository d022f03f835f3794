import { TasteTally } from "@almanac/signals/core";
import type { TasteProfile } from "@almanac/signals/core";
import { ProductDays, type DaysByProduct } from "./product-days.ts";
import { isDueAgain } from "../snapshot/replenishment.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import type { RecentSignal, ShopperRequest, TasteSignal } from "../types.ts";

/** The shopper as one request sees them: history of the snapshot, what came since, and what the request brings. */
export interface ShopperHistory {
  /** Last purchase day by product, in the order of first purchases. */
  readonly purchases: DaysByProduct;
  /** Products looked at, wished for or bought, latest first, at most three: what "similar" starts from. */
  readonly seeds: readonly number[];
  readonly followedFarms: ReadonlySet<number>;
  readonly profile: TasteProfile;
}

const maxSeeds = 3;
/** Orders read per shopper: older ones weigh less than a thousandth after two years anyway. */
const maxOrders = 200;

/**
 * Collects everything known of the shopper. Without an id, or when not personalised, it is empty but for the request.
 *
 * What it says of purchases holds until the next history is read: it is made into lists at once.
 */
export function readHistory(snapshot: RecsysSnapshot, request: ShopperRequest): ShopperHistory {
  const reading = new Reading(snapshot, request);
  if (request.personalised !== false) {
    const { shopperId } = request;
    if (shopperId !== undefined) {
      reading.purchasesOf(shopperId);
      for (const signal of snapshot.signalsByShopper.get(shopperId) ?? []) reading.observe(signal);
      for (const signal of snapshot.overlay.signalsByShopper.get(shopperId) ?? []) reading.observe(signal);
    }
    for (const signal of request.recent ?? []) reading.observe(signal);
  }
  // A page about one category is a look at it, of anybody: without it a stranger's page would be empty.
  if (request.category !== undefined)
    reading.observe({ signal: "browse", category: request.category, day: request.day });
  return reading.history();
}

/** Counts what somebody did as it is read, and keeps of it what the lists ask about. */
class Reading {
  private readonly snapshot: RecsysSnapshot;
  private readonly tally: TasteTally;
  private readonly purchases: ProductDays;
  private readonly touched = new Touched();
  private readonly followedFarms = new Set<number>();

  constructor(snapshot: RecsysSnapshot, request: ShopperRequest) {
    this.snapshot = snapshot;
    this.purchases = new ProductDays(snapshot.productIds.length);
    this.tally = new TasteTally({
      categoryCount: snapshot.categories.length,
      farmCount: snapshot.farmIds.length,
      day: request.day,
      deletedCategories: indexSet(snapshot.categoryIndex, request.deletedCategories),
      deletedFarms: indexSet(snapshot.farmIndex, request.deletedFarmIds),
    });
  }

  history(): ShopperHistory {
    return {
      purchases: this.purchases,
      seeds: this.touched.latest(maxSeeds),
      followedFarms: this.followedFarms,
      profile: this.tally.profile(),
    };
  }

  purchasesOf(shopperId: string): void {
    const { snapshot } = this;
    const shopper = snapshot.shopperIndex.get(shopperId);
    if (shopper !== undefined) {
      const { offsets, values } = snapshot.ordersByShopper;
      const { day, lines } = snapshot.orders;
      const end = offsets[shopper + 1]!;
      for (let at = Math.max(offsets[shopper]!, end - maxOrders); at < end; at++) {
        const order = values[at]!;
        const lastLine = lines.offsets[order + 1]!;
        for (let line = lines.offsets[order]!; line < lastLine; line++)
          this.buy(lines.values[line]!, day[order]!);
      }
    }
    for (const order of snapshot.overlay.ordersByShopper.get(shopperId) ?? [])
      for (const product of order.products) this.buy(product, order.day);
  }

  observe({ signal, productId, category, farmId, day }: RecentSignal): void {
    const { snapshot, tally } = this;
    const product = lookUp(snapshot.productIndex, productId);
    if (productId !== undefined && product === undefined) return;
    const farm = lookUp(snapshot.farmIndex, farmId) ?? -1;
    if (signal === "purchase") {
      if (product !== undefined) this.buy(product, day);
      return;
    }
    if (product !== undefined) this.touch(signal, product, day);
    else tally.add(signal, lookUp(snapshot.categoryIndex, category) ?? -1, farm, -1, day, 1);
    if (signal !== "farm" || farm < 0) return;
    this.followedFarms.add(farm);
    if (product === undefined) this.addFarmCategories(farm, day);
  }

  private buy(product: number, day: number): void {
    this.purchases.add(product, day);
    this.touch("purchase", product, day);
  }

  private touch(signal: TasteSignal, product: number, day: number): void {
    const { category, farm, unitPriceCents } = this.snapshot.columns;
    this.touched.add(product, day);
    this.tally.add(signal, category[product]!, farm[product]!, unitPriceCents[product]!, day, 1);
  }

  /** Following a farm likes what it grows: one observation, spread over its categories. */
  private addFarmCategories(farm: number, day: number): void {
    const { productsByFarm, columns } = this.snapshot;
    const grown = new Set(productsByFarm[farm]!.map((product) => columns.category[product]!));
    for (const category of grown) this.tally.add("farm", category, -1, -1, day, 1 / grown.size);
  }
}

/** Bought, and not due again: such a product is left out of what learns from the shopper. */
export function isOwnedAndNotDue(
  snapshot: RecsysSnapshot,
  purchases: DaysByProduct,
  product: number,
  day: number,
): boolean {
  const last = purchases.get(product);
  return last !== undefined && !isDueAgain(day - last, snapshot.columns.medianIntervalDays[product]!);
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
