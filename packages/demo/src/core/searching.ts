import { idFromName, seededRng, type EventId, type OrderId, type Rng } from "@almanac/kernel";
import type { BrowsingEvent } from "./browsing.ts";
import type { World, WorldOrder, WorldProduct, WorldShopper } from "./model.ts";
import { shopSearchOf, type ShopAnswer } from "./shop-search.ts";
import { affinity } from "./tastes.ts";

/** A search of the demo's past, with what the shop's own search answered. */
export interface WorldSearch extends ShopAnswer {
  readonly id: string;
  readonly shopper: WorldShopper;
  readonly query: string;
  /** What was opened of `shown`, and at which place, from 1. */
  readonly opened: { readonly product: WorldProduct; readonly place: number } | undefined;
  /** The order that followed, of what was opened. */
  readonly orderId: OrderId | undefined;
  readonly executionMs: number;
  readonly at: Date;
  /** Whether the log of events has it already. */
  readonly isLogged: boolean;
}

const keptDays = 30;
/** Searches at most, so that a large world does not take minutes to make. */
const most = 2_000;

/** What people type that no farm of the region has. */
const unmet = ["oranges", "bananas", "avocado", "rice", "olive oil", "pineapple"];
/** What people type who only look round, and how often. */
const broad = ["organic", "fruit", "cheese", "berries", "gluten free bread", "flowers", "herbs"];

/**
 * How people searched in the last thirty days: half of the orders began with a search or two, for something that was then
 * bought; others searched and bought nothing, opening what they liked as often as they looked at its place. One in twenty types
 * something wrong, one in ten who only look round wants what nobody grows. Drawn from a stream of their own.
 *
 * @param orders of at least the last thirty days
 * @param browsing what is in the log of events already: its searches were followed by a look at what was found
 * @returns in the order of time
 */
export function searchesOf(
  world: World,
  orders: readonly WorldOrder[],
  browsing: readonly BrowsingEvent[],
): WorldSearch[] {
  const rng = seededRng(world.seed).fork("searching");
  const search = shopSearchOf(world);
  const since = world.now.getTime() - keptDays * 86_400_000;
  const found: WorldSearch[] = [];
  const add = (asked: Asked, { choose, orderId, isLogged = false }: Opens): void => {
    if (asked.at.getTime() < since || asked.at > world.now || found.length >= most) return;
    const answer = search(asked.query, asked.at);
    const opened = choose(answer);
    found.push({
      ...asked,
      ...answer,
      id: idFromName("demo/search", String(found.length)),
      opened,
      orderId: opened && orderId,
      executionMs: 2 + rng.int(9),
      isLogged,
    });
  };
  const choosing =
    (product: WorldProduct, chance: number) =>
    ({ shown }: ShopAnswer): WorldSearch["opened"] => {
      const place = shown.indexOf(product) + 1;
      return place > 0 && rng.next() < chance ? { product, place } : undefined;
    };

  const kept = orders.filter(({ placedAt, shopper }) => {
    return placedAt.getTime() >= since && shopper.id !== world.mayaId;
  });
  const share = Math.min(0.5, most / 3 / Math.max(1, kept.length));
  for (const order of kept) {
    if (rng.next() > share) continue;
    for (const line of rng.shuffle(order.lines).slice(0, 1 + rng.int(2))) {
      const minutes = 4 + rng.int(40);
      const at = new Date(order.placedAt.getTime() - minutes * 60_000);
      const asked = { shopper: order.shopper, query: typed(line.product, rng), at };
      add(asked, { choose: choosing(line.product, 0.85), orderId: order.id });
    }
  }
  for (const shopper of world.shoppers) {
    if (shopper.id === world.mayaId || rng.next() > Math.min(0.5, most / 3 / world.shoppers.length)) continue;
    const at = new Date(world.now.getTime() - rng.next() * keptDays * 86_400_000);
    add(
      { shopper, query: wished(shopper, world, rng), at },
      { choose: (answer) => lookedAt(answer, shopper, rng) },
    );
  }
  const products = new Map(world.products.map((product) => [product.id as string, product]));
  for (const [n, { action, shopper, entity, at }] of browsing.entries()) {
    if (action !== "SEARCH") continue;
    const next = browsing.slice(n + 1).find((event) => event.shopper === shopper);
    const looked = next?.action === "VIEW_PRODUCT" ? products.get(next.entity.id) : undefined;
    const choose = looked ? choosing(looked, 1) : () => undefined;
    add({ shopper, query: entity.id, at }, { choose, isLogged: true });
  }
  return found.sort((a, b) => a.at.getTime() - b.at.getTime());
}

type Asked = Pick<WorldSearch, "shopper" | "query" | "at">;

interface Opens {
  readonly choose: (answer: ShopAnswer) => WorldSearch["opened"];
  readonly orderId?: OrderId;
  readonly isLogged?: boolean;
}

/** The events of those searches that the log does not have yet, from a moment on. */
export function searchEvents(searches: readonly WorldSearch[], since: Date): BrowsingEvent[] {
  return searches
    .filter(({ at, isLogged }) => !isLogged && at >= since)
    .map(({ id, shopper, query, total, at }) => ({
      id: idFromName<EventId>("demo/search-event", id),
      action: "SEARCH" as const,
      shopper,
      entity: { type: "SEARCH" as const, id: query },
      metadata: { query, results: total },
      at,
    }));
}

/** How somebody asks for a product: mostly by what it is, at times by its name or its crop, and one in twenty mistyped. */
function typed(product: WorldProduct, rng: Rng): string {
  const name = product.name.toLowerCase().replace(/,.*$/, "");
  const crop = product.food.crop.replaceAll("-", " ");
  const way = rng.weighted([5, 2, 2, 1]);
  const query = [name.split(" ").at(-1)!, name, crop, `organic ${crop}`][way]!;
  return rng.next() < 0.05 ? mistyped(query, rng) : query;
}

/** Two letters in each other's place, or one left out; never the first. */
function mistyped(query: string, rng: Rng): string {
  const at = 1 + rng.int(Math.max(1, query.length - 2));
  if (rng.next() < 0.5) return query.slice(0, at) + query.slice(at + 1);
  return (
    query.slice(0, at) +
    query
      .slice(at, at + 2)
      .split("")
      .reverse()
      .join("") +
    query.slice(at + 2)
  );
}

function wished(shopper: WorldShopper, world: World, rng: Rng): string {
  const kind = rng.next();
  if (kind < 0.1) return rng.pick(unmet);
  if (kind < 0.3) return rng.pick(broad);
  const choices = world.products.filter(({ farm }) => farm.market === shopper.market);
  const interest = choices.map(({ appeal, food }) => appeal * affinity(food, shopper.taste));
  return typed(choices[rng.weighted(interest)]!, rng);
}

/** What is opened: a place is looked at in one of `place` cases, and what is of the shopper's market and taste is opened more often. */
function lookedAt({ shown }: ShopAnswer, shopper: WorldShopper, rng: Rng): WorldSearch["opened"] {
  for (const [n, product] of shown.entries()) {
    const isHere = product.farm.market === shopper.market;
    const attraction = (isHere ? 0.3 : 0.05) * (affinity(product.food, shopper.taste) > 1 ? 2 : 1);
    if (rng.next() < attraction / (n + 1)) return { product, place: n + 1 };
  }
  return undefined;
}
