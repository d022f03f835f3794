import type { QueryClient } from "@tanstack/react-query";
import { CartExpectation } from "./cart-expectation.ts";

/** Changes of the cart wait for each other, so that the last answer is the last change's. */
export const cartScope = { id: "cart" };

/** One for each page, however many buttons change its cart. */
const expectations = new WeakMap<QueryClient, CartExpectation>();

export function expectationOf(queries: QueryClient): CartExpectation {
  const known = expectations.get(queries) ?? new CartExpectation();
  expectations.set(queries, known);
  return known;
}

/** Whether the cart is being changed here: what the server then says of it comes with the answer. */
export function isCartChanging(queries: QueryClient): boolean {
  return expectationOf(queries).isWaiting;
}
