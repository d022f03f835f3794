/** What a shopper can do that the platform learns from (requirement EVT-01). */
export const userActionTypes = [
  "VIEW_PRODUCT",
  "VIEW_FARM",
  "ADD_TO_CART",
  "REMOVE_FROM_CART",
  "ADD_TO_WISHLIST",
  "REMOVE_FROM_WISHLIST",
  "SEARCH",
  "FILTER_CATEGORY",
  "COMPLETE_PURCHASE",
  "RATE_PRODUCT",
  "RATE_FARM",
  "SHARE_PRODUCT",
  "VIEW_RECOMMENDATIONS",
  "CLICK_RECOMMENDATION",
] as const;

export type UserActionType = (typeof userActionTypes)[number];

export const entityTypes = ["PRODUCT", "FARM", "ORDER", "SEARCH", "CATEGORY", "RECOMMENDATION"] as const;

export type EntityType = (typeof entityTypes)[number];

/** 0 at once, 1 soon, 2 when there is time. */
export type Priority = 0 | 1 | 2;

/** How full the outbox is: `busy` from a tenth of its limit, `full` at the limit. */
export type Load = "calm" | "busy" | "full";

/**
 * How soon an action is reacted to (EVT-04): what a shopper waits for goes first, the rest is batched. Under load a view
 * waits with the rest; a purchase and a cart never do.
 */
export function priorityOf(action: UserActionType, load: Load = "calm"): Priority {
  switch (action) {
    case "COMPLETE_PURCHASE":
    case "ADD_TO_CART":
      return 0;
    case "VIEW_PRODUCT":
      return load === "calm" ? 0 : 2;
    default:
      return 2;
  }
}

/** What is still reacted to when the outbox is full. The event itself is logged in any case (decision D10). */
const neverShed: readonly UserActionType[] = [
  "COMPLETE_PURCHASE",
  "ADD_TO_CART",
  "REMOVE_FROM_CART",
  "ADD_TO_WISHLIST",
  "REMOVE_FROM_WISHLIST",
  "RATE_PRODUCT",
  "RATE_FARM",
];

/** Whether the reaction to an action is given up under this load. */
export function isShed(action: UserActionType, load: Load): boolean {
  return load === "full" && !neverShed.includes(action);
}

/**
 * @param openFacts how many facts wait in the outbox
 * @param maxOpenFacts the limit, 10,000 unless set otherwise (EVT-05)
 */
export function loadOf(openFacts: number, maxOpenFacts: number): Load {
  if (openFacts >= maxOpenFacts) return "full";
  return openFacts >= maxOpenFacts / 10 ? "busy" : "calm";
}
