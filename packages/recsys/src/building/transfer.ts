import type { RecsysSnapshot } from "../core/snapshot/snapshot.ts";

/** The memory of all typed arrays of a snapshot, each once, so that another thread takes it over without a copy. */
export function buffersOf(snapshot: RecsysSnapshot): ArrayBuffer[] {
  const { columns, orders, ordersByShopper, shopperProducts, productBuyers, coOccurrence, neighbours } =
    snapshot;
  const lists = [
    orders.lines,
    ordersByShopper,
    shopperProducts,
    productBuyers,
    coOccurrence.partners,
    neighbours.products,
  ];
  const arrays = [
    ...Object.values<ArrayBufferView>({ ...columns }),
    orders.day,
    orders.shopper,
    orders.market,
    coOccurrence.counts,
    neighbours.similarities,
    ...lists.flatMap(({ offsets, values }) => [offsets, values]),
  ];
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))];
}
