import { describe, expect, it } from "vitest";
import { CartExpectation } from "./cart-expectation.ts";
import { quantityIn, type Cart, type CartChange } from "./cart-change.ts";

const cartOf = (basil: number): Cart =>
  ({
    lines: [{ variantId: "basil", farm: { id: "fern" }, quantity: basil, estimateCents: 250 * basil }],
    groups: [{ farm: { id: "fern" }, subtotalCents: 250 * basil }],
    subtotalCents: 250 * basil,
    count: basil,
  }) as unknown as Cart;
const set = (quantity: number) =>
  ({ kind: "set", variantId: "basil", productId: "basil", quantity }) as unknown as CartChange;
const add = () =>
  ({ kind: "add", variantId: "basil", productId: "basil", quantity: 1 }) as unknown as CartChange;
const basilIn = (cart: Cart | undefined): number => quantityIn(cart, "basil");

describe("the cart while changes are under way", () => {
  it("is as it was when every one of them is refused, in whatever order", () => {
    const expectation = new CartExpectation();
    const [two, three] = [set(2), set(3)];
    let shown = expectation.begin(two, cartOf(1));
    shown = expectation.begin(three, shown);
    expect(basilIn(shown)).toBe(3);
    expect(basilIn(expectation.failed(two))).toBe(3);
    expect(basilIn(expectation.failed(three))).toBe(1);
    expect(expectation.isWaiting).toBe(false);
  });

  it("keeps what came after a refused one", () => {
    const expectation = new CartExpectation();
    const [first, second] = [add(), add()];
    expectation.begin(second, expectation.begin(first, cartOf(1)));
    expect(basilIn(expectation.failed(first))).toBe(2);
    expect(basilIn(expectation.done(second, cartOf(2)))).toBe(2);
  });

  it("does not go back for a moment when the first of two is answered", () => {
    const expectation = new CartExpectation();
    const [two, three] = [set(2), set(3)];
    expectation.begin(three, expectation.begin(two, cartOf(1)));
    expect(basilIn(expectation.done(two, cartOf(2)))).toBe(3);
    expect(basilIn(expectation.failed(three))).toBe(2);
  });

  it("is what the server answers when it gave less than was asked for", () => {
    const expectation = new CartExpectation();
    const change = add();
    expectation.begin(change, cartOf(1));
    expect(basilIn(expectation.done(change, cartOf(1)))).toBe(1);
  });

  it("knows nothing of a cart that was never read until the server answers it", () => {
    const expectation = new CartExpectation();
    const change = add();
    expect(expectation.begin(change, undefined)).toBeUndefined();
    expect(expectation.failed(change)).toBeUndefined();
    const again = add();
    expectation.begin(again, undefined);
    expect(basilIn(expectation.done(again, cartOf(1)))).toBe(1);
  });
});
