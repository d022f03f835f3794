import type { Level } from "./stock.ts";

/**
 * What a farm lacks before anybody can order from it: products at all, one of them on sale, something of them in stock; `selling`
 * where it lacks nothing.
 */
export type Standing = "no-products" | "not-on-sale" | "no-stock" | "selling";

/** @param levels of all of a farm's products; those that it gave up do not count */
export function standingOf(levels: readonly Pick<Level, "status" | "availableBase">[]): Standing {
  const kept = levels.filter(({ status }) => status !== "archived");
  if (kept.length === 0) return "no-products";
  const onSale = kept.filter(({ status }) => status === "live");
  if (onSale.length === 0) return "not-on-sale";
  return onSale.some(({ availableBase }) => availableBase > 0) ? "selling" : "no-stock";
}

/** What is missing, in a sentence, and where to see to it, below the farm's own address. */
export const missingWords: Readonly<
  Record<Exclude<Standing, "selling">, { why: string; path: string; label: string }>
> = {
  "no-products": {
    why: "You have no products yet. Add what you grow, with a price, and put it on sale.",
    path: "/products/new",
    label: "New product",
  },
  "not-on-sale": {
    why: "None of your products is on sale, so nobody can order. Give them prices and put them on sale.",
    path: "/products",
    label: "Your products",
  },
  "no-stock": {
    why: "Nothing of what you sell is in stock, so nobody can order. Record a harvest.",
    path: "/stock",
    label: "Stock",
  },
};
