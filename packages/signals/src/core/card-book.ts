import type { CalendarDay, GeoPoint } from "@almanac/kernel";
import { atDistance, toProductCard, type ProductCard } from "./product-card.ts";
import type { SeasonSummary } from "./season-summary.ts";
import type { ShopEntry } from "./shop-entry.ts";

/** Where and when a card is shown. */
export interface CardPlace {
  /** The day at the product's market. */
  readonly day: CalendarDay;
  readonly isSoldHere: boolean;
  readonly location?: GeoPoint;
  /** Asked for when the card is made. */
  readonly season: () => SeasonSummary;
}

interface KnownCards {
  readonly day: CalendarDay;
  sold?: ProductCard;
  unsold?: ProductCard;
}

/**
 * Cards, made once for each entry and day: an entry is replaced whenever anything of its product moves. The same object is handed to
 * all who ask, but for the distance.
 */
export function createCardBook() {
  const known = new WeakMap<ShopEntry, KnownCards>();
  return (entry: ShopEntry, { day, isSoldHere, location, season }: CardPlace): ProductCard => {
    let cards = known.get(entry);
    if (cards?.day !== day) known.set(entry, (cards = { day }));
    const card = (cards[isSoldHere ? "sold" : "unsold"] ??= toProductCard(entry, {
      season: season(),
      isSoldHere,
    }));
    return location ? atDistance(card, entry, location) : card;
  };
}
