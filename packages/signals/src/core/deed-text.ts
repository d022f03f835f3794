import { isUuid } from "@almanac/kernel";
import type { FarmId, ProductId } from "@almanac/kernel";
import type { TasteDeed } from "./taste-records.ts";

/**
 * Kinds of deeds in the order in which a taste counts them: lines of orders, what was looked at or looked for, search results
 * that were opened, wishes, followed farms.
 */
export const deedKinds = ["orders", "events", "clicks", "wishes", "farms"] as const;
export type DeedKind = (typeof deedKinds)[number];

/**
 * Character codes between the fields of a deed, between deeds, and between the items of a field: what no id and no slug has in
 * it. Text takes half the time that JSON takes.
 */
export const deedSeparators = { field: 31, deed: 30, item: 29 } as const;

const fieldSeparator = String.fromCharCode(deedSeparators.field);
const deedSeparator = String.fromCharCode(deedSeparators.deed);
const itemSeparator = String.fromCharCode(deedSeparators.item);

/** Deeds as text, by kind; empty where there are none. */
export type DeedTexts = Readonly<Record<DeedKind, string>>;

/** What the texts tell of, kind by kind. */
export function deedsOf(texts: DeedTexts): TasteDeed[] {
  const deeds: TasteDeed[] = [];
  for (const kind of deedKinds) {
    if (texts[kind] === "") continue;
    const read = readers[kind];
    for (const text of texts[kind].split(deedSeparator)) {
      const deed = read(text.split(fieldSeparator));
      if (deed) deeds.push(deed);
    }
  }
  return deeds;
}

/** Of everything that a deed may have, nothing: each deed is a copy, so that all are of one shape. */
const nothing: Omit<TasteDeed, "signal" | "at"> = {
  productId: undefined,
  category: undefined,
  farmId: undefined,
  farmCategories: undefined,
  price: undefined,
  amount: 1,
};

type Fields = readonly (string | undefined)[];

const readers: Record<DeedKind, (fields: Fields) => TasteDeed | undefined> = {
  orders: ([productId, cents, per, at]) => ({
    ...nothing,
    signal: "purchase",
    productId: productId as ProductId,
    price: { unitPriceCents: Number(cents), unitPricePer: Number(per) },
    at: new Date(Number(at)),
  }),
  events([action, productId, farmId, category, at]) {
    // Somebody's browser told of them: ids may be anything.
    if ((productId && !isUuid(productId)) || (farmId && !isUuid(farmId))) return undefined;
    return {
      ...nothing,
      signal: action === "SEARCH" || action === "FILTER_CATEGORY" ? "search" : "browse",
      productId: (productId || undefined) as ProductId | undefined,
      farmId: (farmId || undefined) as FarmId | undefined,
      category: category || undefined,
      at: new Date(Number(at)),
      amount: action === "ADD_TO_CART" ? 3 : 1,
    };
  },
  clicks: ([productId, at]) => ({
    ...nothing,
    signal: "search",
    productId: productId as ProductId,
    at: new Date(Number(at)),
  }),
  wishes: ([productId, at]) => ({
    ...nothing,
    signal: "wishlist",
    productId: productId as ProductId,
    at: new Date(Number(at)),
  }),
  farms: ([farmId, at, sold]) => ({
    ...nothing,
    signal: "farm",
    farmId: farmId as FarmId,
    farmCategories: sold ? sold.split(itemSeparator) : undefined,
    at: new Date(Number(at)),
  }),
};
