import { eq } from "drizzle-orm";
import type { DatabaseHandle } from "@almanac/db";
import { cartLines, orderWindows, products } from "@almanac/db/schema";
import { productIdOf, variantIdOf } from "@almanac/catalog/testing";
import type { Bus } from "@almanac/events";
import type { ShopperId } from "@almanac/kernel";
import { fillCart, setStock, startRecsys, type StallGood } from "../testing.ts";

/** What can be asked of a seller; each is a list that a page shows. */
export const askedLists = ["forShopper", "similarItems", "boughtTogether", "forCart", "trending"] as const;

export interface SellerAsk {
  readonly list: (typeof askedLists)[number];
  readonly shopperId?: ShopperId;
  readonly limit: number;
  readonly excluded: StallGood;
  readonly onPage: StallGood;
}

/** Of an item what the test judges; plain, so that it passes between processes. */
export interface ShownItem {
  readonly slug: string;
  readonly reason: string;
  readonly firstTerm: string | undefined;
  readonly sentence: string;
}

/** A change of the stall, in the database; `isTold` makes the process that writes it tell its own shop window. */
export type StallChange =
  | {
      readonly kind: "stock";
      readonly good: StallGood;
      readonly onHandBase: number;
      readonly isTold: boolean;
    }
  | { readonly kind: "listing"; readonly good: StallGood; readonly isLive: boolean; readonly isTold: boolean }
  | { readonly kind: "window"; readonly isOpen: boolean }
  /** A shopper puts it into the cart, or takes it out. */
  | {
      readonly kind: "cart";
      readonly shopperId: ShopperId;
      readonly good: StallGood;
      readonly isIn: boolean;
    };

/** A process that recommends, or what stands for one: it answers, changes the stall, and reads anew what is sold when. */
export interface Seller {
  ask(ask: SellerAsk): Promise<ShownItem[]>;
  change(change: StallChange): Promise<void>;
  /** Order windows are read with the shop window; a market manager's change tells every process. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** The seller of this process. */
export async function startSeller(handle: DatabaseHandle, bus: Bus): Promise<Seller> {
  const started = await startRecsys(handle, { bus });
  const { service, shopWindow } = started;
  const { db } = handle;
  const tell = (good: StallGood): Promise<void> => shopWindow.refresh([productIdOf(good)]);
  return {
    async ask({ list, excluded, onPage, ...ask }) {
      const { items } = await service[list]({
        ...ask,
        excludeProductIds: [productIdOf(excluded)],
        productId: productIdOf(onPage),
      });
      return items.map(({ card, reason, explain, sentence }) => ({
        slug: card.slug,
        reason,
        firstTerm: explain[0]?.reason,
        sentence,
      }));
    },
    async change(change) {
      if (change.kind === "window") {
        await db.update(orderWindows).set({ isCancelled: !change.isOpen });
        return;
      }
      if (change.kind === "cart") {
        if (change.isIn) await fillCart(db, change.shopperId, [change.good]);
        else await db.delete(cartLines).where(eq(cartLines.variantId, variantIdOf(change.good)));
        return;
      }
      if (change.kind === "stock") await setStock(db, change.good, change.onHandBase);
      else
        await db
          .update(products)
          .set({ status: change.isLive ? "live" : "hidden" })
          .where(eq(products.id, productIdOf(change.good)));
      if (change.isTold) await tell(change.good);
    },
    reload: () => shopWindow.load(),
    stop: () => started.stop(),
  };
}
