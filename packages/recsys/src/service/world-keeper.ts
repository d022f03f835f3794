import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { days, minutes, type Clock, type Milliseconds } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import type { StartBuilder } from "../building/builder.ts";
import type { ShopView } from "../shop.ts";
import { orderOf, parseChange, recsysChannel, type OrderChange } from "./freshness.ts";
import { listRules } from "../store/rules.ts";
import { addOrder, buildWorld, refreshProducts, type World } from "./world.ts";

export interface KeeperOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly shopWindow: ShopView;
  readonly buildEveryMs?: Milliseconds;
  /** How a building thread is started; another one in tests. */
  readonly startBuilder?: StartBuilder;
}

/** A world this old belongs to another day: a demo's clock was moved, or the machine slept. It is built anew before serving. */
const staleMs = days(1);

/** How the building goes, for the health page and the metrics. */
export interface BuildHealth {
  /** ISO time of the orders that are in what is served; absent before the first build. */
  readonly builtAt?: string;
  /** From the start of the last good build to its being served. */
  readonly buildMs?: Milliseconds;
  readonly builds: number;
  readonly failures: number;
  /** Why the last build failed; absent when it did not. What was built before it is served on. */
  readonly failing?: string;
}

/** Holds this process's world: builds it, swaps it whole, and keeps it fresh by messages in between. */
export interface WorldKeeper {
  /** The world to serve from; builds the first one if need be. */
  current(): Promise<World>;
  /** Builds anew; calls during a build wait for that one. */
  build(): Promise<World>;
  /** Reads what operators asked for; it never throws. */
  refreshRules(): Promise<void>;
  health(): BuildHealth;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createWorldKeeper(options: KeeperOptions): WorldKeeper {
  const { handle, bus, clock, log, shopWindow, buildEveryMs = minutes(15), startBuilder } = options;
  let world: World | undefined;
  let building: Promise<World> | undefined;
  /** Messages that came during a build, which has not seen what they tell. */
  let heard: OrderChange[] = [];
  let timer: NodeJS.Timeout | undefined;
  let endListening: (() => void)[] = [];
  const tally = { builds: 0, failures: 0, buildMs: 0 };
  let failing: string | undefined;

  /** Builds, tells the new world what happened meanwhile, and only then serves it: no request sees half of either. */
  async function buildNow(): Promise<World> {
    const startedAt = performance.now();
    heard = [];
    const next = await buildWorld(handle.db, shopWindow, clock.now(), startBuilder);
    refreshProducts(next, shopWindow, "all", clock.now());
    for (const change of heard) addOrder(next, orderOf(shopWindow, change));
    world = next;
    tally.builds++;
    tally.buildMs = Math.round(performance.now() - startedAt);
    failing = undefined;
    log.info(
      { ms: tally.buildMs, products: next.products.size, orders: next.snapshot.orders.day.length },
      "recommendations were built",
    );
    return next;
  }

  function build(): Promise<World> {
    building ??= buildNow()
      .catch((error: unknown) => {
        tally.failures++;
        failing = error instanceof Error ? error.message : "unknown";
        throw error;
      })
      .finally(() => (building = undefined));
    return building;
  }

  /** Rules are few, so all of them are read. A build that is under way may have read them before the change. */
  async function refreshRules(): Promise<void> {
    try {
      await building?.catch(() => undefined);
      const rules = await listRules(handle.db);
      if (world) world.rules = rules;
    } catch (err) {
      log.warn({ err }, "rules of recommendations were not read; the next build reads them");
    }
  }

  function onMessage(message: unknown): void {
    const change = parseChange(message);
    if (!change) return;
    if (change.kind === "rules") {
      void refreshRules();
      return;
    }
    if (building) heard.push(change);
    if (world) addOrder(world, orderOf(shopWindow, change));
  }

  return {
    async current() {
      if (!world) return build();
      const ageMs = Math.abs(clock.now().getTime() - world.ordersUntil.getTime());
      if (ageMs < staleMs) return world;
      const last = world;
      return build().catch((err: unknown) => {
        log.error({ err }, "recommendations were not built; the last ones stay");
        return last;
      });
    },
    build,
    refreshRules,
    health: () => ({
      ...(world && { builtAt: world.ordersUntil.toISOString(), buildMs: tally.buildMs }),
      builds: tally.builds,
      failures: tally.failures,
      ...(failing !== undefined && { failing }),
    }),
    async start() {
      if (endListening.length === 0) {
        endListening = [
          bus.subscribe(recsysChannel, onMessage),
          shopWindow.listen(
            ({ productIds }) => world && refreshProducts(world, shopWindow, productIds, clock.now()),
          ),
        ];
      }
      await build();
      timer ??= setInterval(() => {
        build().catch((err: unknown) =>
          log.error({ err }, "recommendations were not built; the last ones stay"),
        );
      }, buildEveryMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      for (const end of endListening) end();
      endListening = [];
      await building?.catch(() => undefined);
    },
  };
}
