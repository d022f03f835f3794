import { describe, expect, it } from "vitest";
import { expectCart, quantityIn, type Cart, type CartChange } from "./cart-change.ts";

const cart = {
  lines: [
    { variantId: "tomato", farm: { id: "oak" }, quantity: 2, estimateCents: 735 },
    { variantId: "squash", farm: { id: "oak" }, quantity: 1, estimateCents: 300, problem: "sold_out" },
    { variantId: "basil", farm: { id: "fern" }, quantity: 1, estimateCents: 250 },
  ],
  groups: [
    { farm: { id: "oak" }, subtotalCents: 735 },
    { farm: { id: "fern" }, subtotalCents: 250 },
  ],
  subtotalCents: 985,
  holdCents: 1_096,
  count: 4,
} as unknown as Cart;
const change = (kind: CartChange["kind"], variantId: string, quantity: number) =>
  ({ kind, variantId, quantity, productId: variantId }) as CartChange;

describe("the cart as it will probably be", () => {
  it("follows an amount with line, farm, sum and count", () => {
    const after = expectCart(cart, change("set", "basil", 3));
    expect(quantityIn(after, "basil")).toBe(3);
    expect(after.groups[1]).toMatchObject({ subtotalCents: 750 });
    expect(after).toMatchObject({ subtotalCents: 1_485, count: 6 });
  });

  it("drops a line at zero, and its farm with the last", () => {
    const after = expectCart(cart, change("set", "basil", 0));
    expect(after.lines).toHaveLength(2);
    expect(after.groups).toHaveLength(1);
    expect(after).toMatchObject({ subtotalCents: 735, count: 3 });
  });

  it("counts something new before it has a line", () => {
    const after = expectCart(cart, change("add", "mozzarella", 2));
    expect(after.lines).toHaveLength(3);
    expect(after).toMatchObject({ subtotalCents: 985, count: 6 });
  });

  it("adds on top of what is there, and leaves the cart of before alone", () => {
    expect(quantityIn(expectCart(cart, change("add", "tomato", 1)), "tomato")).toBe(3);
    expect(quantityIn(cart, "tomato")).toBe(2);
  });
});
