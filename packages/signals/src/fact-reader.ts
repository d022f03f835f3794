import type { Queryable } from "@almanac/db";
import type { ShopChange } from "./shop-changes.ts";
import { shopTopics } from "./shop-changes.ts";
import { listFactsAfter, listProductIdsOfFarm, readFactVersion, type ShopFact } from "./store/shop-window.ts";

/**
 * Facts get their number before their transaction commits, so one with a lower number may appear after one with a
 * higher: so many numbers back are looked at again.
 */
const overlap = 500;
/** More than this has happened since the last look: everything is read again. */
const mostFacts = 2_000;

/** Reads from the outbox what changed since it was last asked; costs one look at an index while nothing happens. */
export function createFactReader() {
  let newest = 0;
  let isQuiet = false;
  let seen = new Set<number>();

  const remember = (facts: readonly ShopFact[]): void => {
    for (const { seq } of facts) seen.add(seq);
    seen = new Set([...seen].filter((seq) => seq > newest - overlap));
  };

  return {
    /** Takes everything committed by now as known, before everything is read. */
    async skip(db: Queryable): Promise<void> {
      newest = await readFactVersion(db);
      isQuiet = false;
      remember(await listFactsAfter(db, { after: newest - overlap, topics: shopTopics, limit: overlap }));
    },

    async read(db: Queryable): Promise<ShopChange[]> {
      const version = await readFactVersion(db);
      // The first unchanged look still reads: a slower transaction may have committed a lower number meanwhile.
      if (version === newest && isQuiet) return [];
      isQuiet = version === newest;
      // The numbers start over when the database was emptied.
      if (version < newest) {
        newest = version;
        seen.clear();
        return [{ productIds: "all" }];
      }
      const facts = await listFactsAfter(db, {
        after: newest - overlap,
        topics: shopTopics,
        limit: mostFacts + overlap,
      });
      const fresh = facts.filter(({ seq }) => !seen.has(seq));
      newest = version;
      remember(fresh);
      if (fresh.length > mostFacts) return [{ productIds: "all" }];
      return Promise.all(fresh.map((fact) => changeOf(db, fact)));
    },
  };
}

async function changeOf(db: Queryable, { topic, payload }: ShopFact): Promise<ShopChange> {
  if (payload.farmId && topic === "farm.changed") {
    return { productIds: await listProductIdsOfFarm(db, payload.farmId) };
  }
  if (payload.marketId) return { productIds: [], marketIds: [payload.marketId] };
  if (!payload.productId) return { productIds: "all" };
  return { productIds: [payload.productId], isStockOnly: topic === "stock.changed" };
}
