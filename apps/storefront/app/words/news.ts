import { amountOf } from "@almanac/ui";

type Payload = Readonly<Record<string, unknown>>;

/**
 * What a live message tells a shopper, in a sentence; the same on the page at that moment and among the news later.
 *
 * @returns `undefined` for a message that tells nobody anything
 */
export function newsWords(type: string, payload: Payload): string | undefined {
  const name = typeof payload["name"] === "string" ? payload["name"] : "Something you follow";
  switch (type) {
    case "PRICE_DROP_ALERT": {
      const { oldPriceCents, newPriceCents } = payload;
      if (typeof oldPriceCents !== "number" || typeof newPriceCents !== "number") return undefined;
      return `${name} is now ${amountOf(newPriceCents)}, it was ${amountOf(oldPriceCents)}.`;
    }
    case "STOCK_ALERT":
      if (payload["kind"] === "LOW_STOCK") return lowStockWords(name, payload["availableQuantity"]);
      return payload["kind"] === "BACK_IN_SEASON" ? `${name} is in season again.` : `${name} is back.`;
    case "NEW_ARRIVAL_ALERT":
      return arrivalWords(name, payload);
    case "SYSTEM_ALERT":
      return typeof payload["text"] === "string" ? payload["text"] : undefined;
    default:
      return undefined;
  }
}

function lowStockWords(name: string, left: unknown): string {
  if (left === 0) return `${name} has just sold out.`;
  return typeof left === "number" ? `Only ${left} left of ${name}.` : `${name} is nearly sold out.`;
}

function arrivalWords(name: string, { count, farmName }: Payload): string {
  const more = typeof count === "number" && count > 1 ? ` and ${count - 1} more` : "";
  return `New: ${name}${more}${typeof farmName === "string" ? ` from ${farmName}` : ""}.`;
}

const reasons: Readonly<Record<string, string>> = {
  wish: "on your wishlist",
  farm: "from a farm you follow",
  view: "you looked at it lately",
};

/** Why this shopper is told, where the message says it. */
export function newsReason({ because }: Payload): string | undefined {
  return typeof because === "string" ? reasons[because] : undefined;
}

/** Where the news leads, and what that is called; `undefined` where it leads nowhere. */
export function newsLink(type: string, { slug, kind }: Payload): { href: string; label: string } | undefined {
  if (type === "SYSTEM_ALERT" && kind === "CART_CLOSING") return { href: "/cart", label: "Open the basket" };
  return typeof slug === "string" ? { href: `/products/${slug}`, label: "Look" } : undefined;
}
