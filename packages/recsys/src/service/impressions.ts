import type { DatabaseHandle } from "@almanac/db";
import { newId, seconds, type Clock, type MarketId, type ProductId, type ShopperId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import type { ArmName } from "../core/arms/names.ts";
import { insertImpressions, type Impression } from "../store/impressions.ts";
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
/** Rows that wait for a database that is away; older ones are dropped, and the log says so. */
const mostWaiting = 20_000;

export function createImpressionLog({
  handle,
  clock,
  log,
}: {
  handle: DatabaseHandle;
  clock: Clock;
  log: Logger;
}): ImpressionLog {
  let waiting: Impression[] = [];
  let writing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void flush(), flushEveryMs);
  timer.unref();

  function flush(): Promise<void> {
    const shown = waiting;
    waiting = [];
    if (shown.length === 0) return writing;
    writing = writing
      .then(() => insertImpressions(handle.db, shown))
      .catch((err: unknown) => log.warn({ err, lost: shown.length }, "impressions were lost"));
    return writing;
  }

  return {
    add({ place, arm, shopperId, marketId, items, isNewFarm }) {
      const slateId = newId();
      const shownAt = clock.now();
      items.forEach((item, at) =>
        waiting.push({
          slateId,
          position: at + 1,
          place,
          shopperId,
          productId: item.card.id as ProductId,
          farmId: item.card.farm.id,
          marketId: marketId ?? null,
          arm,
          reason: item.reason,
          propensity: item.propensity ?? 1,
          isNewFarm: isNewFarm(item) ? 1 : 0,
          shownAt,
        }),
      );
      if (waiting.length > mostWaiting) {
        log.warn({ lost: waiting.length - mostWaiting }, "impressions were lost");
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
