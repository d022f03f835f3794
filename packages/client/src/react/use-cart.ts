import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { quantityIn, type Cart, type CartChange } from "./cart-change.ts";
import { cartScope, expectationOf } from "./cart-changing.ts";
import { useTrackAction } from "./shop-provider.tsx";
import { trpc } from "./trpc.ts";

/** The cart as this page knows it: read by the loader, changed here, renewed when another device changes it. */
export function useCart(): Cart | undefined {
  return trpc.cart.get.useQuery(undefined, { staleTime: Infinity }).data;
}

export interface CartChanged {
  readonly change: CartChange;
  /** Units before and after. */
  readonly before: number;
  readonly after: number;
}

export interface CartChangeOptions {
  /** A first cart is for the market that the page shows. */
  readonly marketId?: Cart["marketId"] | undefined;
  readonly onDone?: (done: CartChanged) => void;
  /** A refusal, or the network; the cart is as it was before. */
  readonly onFailed?: (error: unknown, change: CartChange) => void;
}

/**
 * Changes the cart on the page at once and then on the server; what fails is taken back. What was done is noted once, when it
 * is done.
 */
export function useCartChange({ marketId, onDone, onFailed }: CartChangeOptions = {}) {
  const utils = trpc.useUtils();
  const queries = useQueryClient();
  const track = useTrackAction();

  const show = (cart: Cart | undefined): void => {
    if (cart) utils.cart.get.setData(undefined, cart);
  };
  const expect = async (change: CartChange): Promise<Before> => {
    const cart = utils.cart.get.getData();
    const expectation = expectationOf(queries);
    // Begun before anything is waited for: a second press in the same moment stands on this one.
    expectation.begin(change, cart);
    // A reading that is cut off puts back what was there before it, so it is cut off before the change is shown.
    await utils.cart.get.cancel();
    show(expectation.expected());
    return { change, quantity: quantityIn(cart, change.variantId) };
  };
  const takeBack = (error: unknown, before: Before | undefined): void => {
    if (!before) return;
    const expectation = expectationOf(queries);
    show(expectation.failed(before.change));
    if (!expectation.isWaiting) void utils.cart.get.invalidate();
    onFailed?.(error, before.change);
  };
  const settle = (cart: Cart, { change, quantity }: Before): void => {
    const after = quantityIn(cart, change.variantId);
    show(expectationOf(queries).done(change, cart));
    void utils.recsys.forCart.invalidate();
    noteCartChange(track, { change, before: quantity, after });
    onDone?.({ change, before: quantity, after });
  };

  // What a mutation is about is more than what it sends: the change is handed over on the side.
  const asked = useRef<CartChange>();
  const options = {
    scope: cartScope,
    onMutate: () => expect(asked.current!),
    onError: (error: unknown, _input: unknown, before: Before | undefined) => takeBack(error, before),
    onSuccess: (cart: Cart, _input: unknown, before: Before) => settle(cart, before),
  };
  const add = trpc.cart.add.useMutation(options);
  const set = trpc.cart.setQuantity.useMutation(options);
  const setMarket = trpc.cart.setMarket.useMutation({ scope: cartScope });

  const change = (wanted: CartChange): void => {
    asked.current = wanted;
    const { kind, variantId, quantity } = wanted;
    if (kind === "set") return set.mutate({ variantId, quantity });
    if (marketId && utils.cart.get.getData()?.id === null) setMarket.mutate({ marketId });
    add.mutate({ variantId, quantity });
  };
  const latest = useRef(change);
  latest.current = change;
  return {
    change: useCallback((wanted: CartChange) => latest.current(wanted), []),
    isBusy: add.isPending || set.isPending,
    /** Units that are on their way and that the cart does not show as a line yet. */
    expected: add.isPending ? (add.variables.quantity ?? 1) : 0,
  };
}

interface Before {
  readonly change: CartChange;
  readonly quantity: number;
}

function noteCartChange(
  track: ReturnType<typeof useTrackAction>,
  { change: { productId, variantId, from }, before, after }: CartChanged,
): void {
  if (before === after) return;
  track({
    action: after > before ? "ADD_TO_CART" : "REMOVE_FROM_CART",
    entityType: "PRODUCT",
    entityId: productId,
    metadata: { variantId, quantity: Math.abs(after - before), ...(from !== undefined && { from }) },
  });
}
