import type { Queryable } from "@almanac/db";
import type { ProductId } from "@almanac/kernel";
import { buyAgain } from "../core/arms/buy-again.ts";
import { excludedProducts } from "../core/slate/slate.ts";
import type { ProductCard, ShopView } from "../shop.ts";
import type { Situation } from "./situation.ts";
import type { RecommendationAsk } from "./situation.ts";

export interface BuyAgainList {
  readonly items: readonly {
    readonly card: ProductCard;
    /** How often it was bought. */
    readonly times: number;
    readonly intervalDays: number;
    /** Calendar day at the market. */
    readonly lastDay: string;
    readonly dueDay: string;
    readonly isDue: boolean;
  }[];
}

/** More are asked about than are shown, since some are sold out. */
const spare = 2;

/** The shopper's repeat purchases that can be bought now, nothing of the cart among them. */
export async function listBuyAgain(
  situation: Situation,
  { limit = 12 }: RecommendationAsk,
  { db, shop }: { db: Queryable; shop: ShopView },
): Promise<BuyAgainList> {
  const { request, cardOptions } = situation;
  const { snapshot } = situation.world;
  const excluded = excludedProducts(snapshot, request);
  const found = buyAgain(snapshot, request.shopperId, request.day)
    .filter(({ product }) => !excluded.has(product) && situation.isOffered(snapshot.productIds[product]!))
    .slice(0, spare * limit);
  const ids = found.map(({ product }) => snapshot.productIds[product]! as ProductId);
  const cards = new Map(
    (await shop.checkedCards(db, ids, cardOptions)).map((card) => [card.id as string, card]),
  );
  const items = found.flatMap(({ product, times, intervalDays, lastDay, dueDay }) => {
    const card = cards.get(snapshot.productIds[product]!);
    if (!card?.isAvailable) return [];
    return [
      {
        card,
        times,
        intervalDays: Math.round(intervalDays),
        lastDay: calendarDay(lastDay),
        dueDay: calendarDay(dueDay),
        isDue: dueDay <= request.day,
      },
    ];
  });
  return { items: items.slice(0, limit) };
}

function calendarDay(epochDay: number): string {
  return new Date(epochDay * 86_400_000).toISOString().slice(0, 10);
}
