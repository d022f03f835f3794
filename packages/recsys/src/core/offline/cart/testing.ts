import { packRows } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";

/** Carts as rows of items, for the tests of this folder. */
export function cartsOf(carts: readonly (readonly number[])[], itemCount: number): SparseRows {
  return packRows(
    carts.length,
    itemCount,
    carts.flatMap((items, cart) => items.map(() => cart)),
    carts.flat(),
  );
}
