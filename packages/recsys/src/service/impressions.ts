import type { DatabaseHandle } from "@almanac/db";
import { newId, seconds, type Clock, type MarketId, type ShopperId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import type { ArmName } from "../core/arms/names.ts";
import { insertSlates, type Slate } from "../store/impressions.ts";
import type { RecommendationItem } from "./present.ts";

export interface ShownSlate {
  readonly place: "for-shopper" | "home";
  readonly arm: ArmName;
  readonly shopperId: ShopperId;
  readonly marketId?: MarketId;
  readonly items: readonly RecommendationItem[];
  readonly isNewFarm: (item: RecommendationItem) => boolean;
}

/** Remembers what was shown where, by which arm and with which chance, without making a page wait for it. */
export interface ImpressionLog {
  /** @returns the id of the slate */
  add(slate: ShownSlate): string;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

const flushEveryMs = seconds(1);
/** Lists that wait for a database that is away; older ones are dropped, and the log says so. */
const mostWaiting = 5_000;

export function createImpressionLog({
  handle,
  clock,
  log,
}: {
  handle: DatabaseHandle;
  clock: Clock;
  log: Logger;
}): ImpressionLog {
  let waiting: Slate[] = [];
  let writing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void flush(), flushEveryMs);
  timer.unref();

  function flush(): Promise<void> {
    const shown = waiting;
    waiting = [];
    if (shown.length === 0) return writing;
    writing = writing
      .then(() => insertSlates(handle.db, shown))
      .catch((err: unknown) => log.warn({ err, lost: shown.length }, "lists that were shown were lost"));
    return writing;
  }

  return {
    add({ place, arm, shopperId, marketId, items, isNewFarm }) {
      const slateId = newId();
      waiting.push({
        slateId,
        place,
        shopperId,
        marketId: marketId ?? null,
        arm,
        shownAt: clock.now(),
        productIds: items.map(({ card }) => card.id),
        farmIds: items.map(({ card }) => card.farm.id),
        reasons: items.map(({ reason }) => reason),
        propensities: items.map(({ propensity = 1 }) => propensity),
        newFarms: items.map((item) => (isNewFarm(item) ? 1 : 0)),
      });
      if (waiting.length > mostWaiting) {
        log.warn({ lost: waiting.length - mostWaiting }, "lists that were shown were lost");
        waiting = waiting.slice(-mostWaiting);
      }
      return slateId;
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
