import type { ProductCard, ShopWindow } from "@almanac/signals";

/** The part of the shop window that recommendations look through. */
export type ShopView = Pick<
  ShopWindow,
  | "all"
  | "changes"
  | "find"
  | "card"
  | "checkedCards"
  | "isAvailable"
  | "markets"
  | "findMarket"
  | "listen"
  | "version"
>;

export type { ProductCard };
