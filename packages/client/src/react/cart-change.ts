import type { Answers } from "./trpc.ts";

export type Cart = Answers["cart"]["get"];

/** "set" is an amount, "add" comes on top; both in units of the variant. */
export interface CartChange {
  readonly kind: "add" | "set";
  readonly variantId: Cart["lines"][number]["variantId"];
  readonly productId: Cart["lines"][number]["productId"];
  /** A whole number of units, 0 to 99; "set" to 0 takes the line out. */
  readonly quantity: number;
  /** The shelf that it was taken from, for what is tracked. */
  readonly from?: string;
}

/** How many units of a variant a cart has. */
export function quantityIn(cart: Cart | undefined, variantId: string): number {
  return cart?.lines.find((line) => line.variantId === variantId)?.quantity ?? 0;
}

/**
 * The cart as it will probably be: amounts, estimates and sums follow the change in proportion. Something new counts, but
 * has no line before the server has priced it; what is held on the card stays as it was until then.
 */
export function expectCart(cart: Cart, change: CartChange): Cart {
  const before = quantityIn(cart, change.variantId);
  const after = change.kind === "add" ? before + change.quantity : change.quantity;
  const lines = cart.lines.flatMap((line) => {
    if (line.variantId !== change.variantId) return [line];
    if (after <= 0) return [];
    return [
      {
        ...line,
        quantity: after,
        estimateCents: Math.round((line.estimateCents * after) / Math.max(1, line.quantity)),
      },
    ];
  });
  const groups = cart.groups.flatMap((group) => {
    const mine = lines.filter((line) => line.farm.id === group.farm.id);
    return mine.length === 0 ? [] : [{ ...group, subtotalCents: sumOf(mine) }];
  });
  return {
    ...cart,
    lines,
    groups,
    subtotalCents: sumOf(lines),
    count: Math.max(0, cart.count + after - before),
  };
}

function sumOf(lines: Cart["lines"]): number {
  return lines
    .filter(({ problem }) => problem !== "sold_out" && problem !== "delisted")
    .reduce((sum, { estimateCents }) => sum + estimateCents, 0);
}
