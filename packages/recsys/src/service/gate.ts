import type { Queryable } from "@almanac/db";
import type { ProductId } from "@almanac/kernel";
import type { SlateOptions } from "../core/slate/slate.ts";
import type { Slate } from "../core/types.ts";
import type { ProductCard, ShopView } from "../shop.ts";
import type { Situation } from "./situation.ts";

/** Lists that are shown together; the options say what may take a place. */
export type Draft<Section extends string> = (options: SlateOptions) => Record<Section, Slate>;

export interface Confirmed<Section extends string> {
  readonly slates: Record<Section, Slate>;
  /** Cards of everything on the lists, as true a moment ago. */
  readonly cards: ReadonlyMap<string, ProductCard>;
}

/** Each round learns of what memory took for available; after these, gaps are left open. */
const maxRounds = 4;

/**
 * Draws up the lists from memory, has the shop window check all that is about to be shown against the database, and draws
 * them up again without what turned out to be sold out or delisted.
 */
export async function confirm<Section extends string>(
  situation: Situation,
  draft: Draft<Section>,
  { db, shop }: { db: Queryable; shop: ShopView },
): Promise<Confirmed<Section>> {
  const { productIds } = situation.world.snapshot;
  const cards = new Map<string, ProductCard>();
  const refused = new Set<string>();
  const options: SlateOptions = {
    ...situation.slateOptions,
    availability: (index) => {
      const id = productIds[index];
      return id !== undefined && !refused.has(id) && situation.isOfferedAt(index);
    },
  };
  let slates = draft(options);
  for (let round = 0; round < maxRounds; round++) {
    const unasked = idsOf(slates).filter((id) => !cards.has(id));
    if (unasked.length === 0) break;
    for (const card of await shop.checkedCards(db, unasked, situation.cardOptions))
      if (card.isAvailable) cards.set(card.id, card);
    const gone = unasked.filter((id) => !cards.has(id));
    if (gone.length === 0) break;
    for (const id of gone) refused.add(id);
    slates = draft(options);
  }
  return { slates, cards };
}

function idsOf(slates: Record<string, Slate>): ProductId[] {
  const ids = Object.values(slates).flatMap(({ items }) => items.map(({ productId }) => productId));
  return [...new Set(ids)] as ProductId[];
}
