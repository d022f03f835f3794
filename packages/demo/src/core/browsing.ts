import { idFromName, seededRng, type EventId } from "@almanac/kernel";
import type { World, WorldOrder, WorldProduct, WorldShopper } from "./model.ts";

export interface BrowsingEvent {
  readonly id: EventId;
  readonly action:
    | "VIEW_PRODUCT"
    | "ADD_TO_CART"
    | "COMPLETE_PURCHASE"
    | "SEARCH"
    | "VIEW_RECOMMENDATIONS"
    | "CLICK_RECOMMENDATION";
  readonly shopper: WorldShopper;
  readonly entity: { readonly type: "PRODUCT" | "ORDER" | "SEARCH" | "RECOMMENDATION"; readonly id: string };
  readonly metadata: Record<string, unknown>;
  readonly at: Date;
}

/** Days of the past that the log of events has. */
export const browsingDays = 10;

/** What people looked at around their orders of the last days, and on days when they bought nothing. */
export function browsingOf(world: World, orders: readonly WorldOrder[]): BrowsingEvent[] {
  const since = world.now.getTime() - browsingDays * 86_400_000;
  const events: BrowsingEvent[] = [];
  const add = (event: Omit<BrowsingEvent, "id">): void => {
    if (event.at.getTime() < since || event.at > world.now) return;
    events.push({ ...event, id: idFromName("demo/event", String(events.length)) });
  };
  for (const order of orders) {
    if (order.placedAt.getTime() < since) continue;
    order.lines.forEach((line, n) => {
      const viewed = new Date(order.placedAt.getTime() - (order.lines.length - n + 1) * 70_000);
      const entity = { type: "PRODUCT" as const, id: line.product.id };
      add({ action: "VIEW_PRODUCT", shopper: order.shopper, entity, metadata: {}, at: viewed });
      const added = new Date(viewed.getTime() + 25_000);
      add({
        action: "ADD_TO_CART",
        shopper: order.shopper,
        entity,
        metadata: { quantity: line.quantity },
        at: added,
      });
    });
    const entity = { type: "ORDER" as const, id: order.id };
    add({ action: "COMPLETE_PURCHASE", shopper: order.shopper, entity, metadata: {}, at: order.placedAt });
  }
  browseWithoutBuying(world, add);
  return events.sort((a, b) => a.at.getTime() - b.at.getTime());
}

function browseWithoutBuying(world: World, add: (event: Omit<BrowsingEvent, "id">) => void): void {
  const rng = seededRng(world.seed).fork("browsing");
  const byMarket = Map.groupBy(world.products, (product) => product.farm.market);
  for (const shopper of world.shoppers) {
    if (rng.next() > 0.35) continue;
    const choices = byMarket.get(shopper.market) ?? [];
    const startedAt = world.now.getTime() - rng.next() * browsingDays * 86_400_000;
    const looks = 1 + rng.int(5);
    for (let n = 0; n < looks && choices.length > 0; n++) {
      const product = choices[rng.weighted(choices.map((choice) => interest(choice, shopper)))]!;
      const at = new Date(startedAt + n * 45_000);
      if (n === 0 && rng.next() < 0.3) {
        const query = product.name.toLowerCase();
        add({ action: "SEARCH", shopper, entity: { type: "SEARCH", id: query }, metadata: { query }, at });
      }
      add({ action: "VIEW_PRODUCT", shopper, entity: { type: "PRODUCT", id: product.id }, metadata: {}, at });
    }
  }
}

const interest = (product: WorldProduct, shopper: WorldShopper): number =>
  product.appeal * (product.food.tastes.includes(shopper.taste) ? 4 : 1);
