import type { AdviceView } from "./advice-views.ts";

/** All that is advised about one product for one occasion, what waits least first. */
export interface ProductAdvice {
  readonly productId: string;
  readonly product: string;
  readonly rows: readonly AdviceView[];
}

export interface AdviceGroup {
  readonly key: string;
  readonly title: string;
  readonly priority: AdviceView["priority"];
  readonly products: readonly ProductAdvice[];
  /** What is loaded, and what is picked for it, can be taken at once. */
  readonly all: { readonly label: string; readonly ids: readonly string[] } | null;
}

export interface Inbox {
  readonly groups: readonly AdviceGroup[];
  /** What can be left undone without losing a market day; folded. */
  readonly later: AdviceGroup | null;
}

/**
 * Advice as a farmer decides it: for one market day together, and of that product by product. What has no day comes first,
 * as it spoils; what is for when there is time is kept apart.
 *
 * @param views the most pressing first, which is kept within an occasion
 */
export function inboxOf(views: readonly AdviceView[]): Inbox {
  const isLater = ({ priority }: AdviceView): boolean => priority === "LOW";
  const now = Map.groupBy(
    views.filter((view) => !isLater(view)),
    ({ occasion }) => occasion,
  );
  const later = views.filter(isLater);
  return {
    groups: [...now].map(([occasion, rows]) => groupOf(occasion || "Before it spoils", rows)),
    later: later.length > 0 ? groupOf("When there is time", later) : null,
  };
}

function groupOf(title: string, rows: readonly AdviceView[]): AdviceGroup {
  const products = [...Map.groupBy(rows, ({ productId }) => productId)].map(([productId, own]) => ({
    productId,
    product: own[0]!.product,
    rows: own,
  }));
  const atOnce = rows.filter(({ type }) => taken.has(type));
  const harvests = atOnce.some(({ type }) => type === "HARVEST_MORE");
  return {
    key: title,
    title,
    priority: rows[0]!.priority,
    products,
    all:
      atOnce.length > 1
        ? {
            label: `Plan all ${atOnce.length}${harvests ? ", with what is to be harvested" : ""}`,
            ids: atOnce.map(({ id }) => id),
          }
        : null,
  };
}

/** Nothing is sold for less or taken off the list by the dozen. */
const taken: ReadonlySet<AdviceView["type"]> = new Set([
  "BRING_TO_MARKET",
  "HARVEST_MORE",
] satisfies AdviceView["type"][]);
