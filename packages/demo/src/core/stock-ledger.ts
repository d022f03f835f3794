import type { ProductId } from "@almanac/kernel";
import type { OrderRows } from "../order-rows.ts";

export type StockRow = OrderRows["stockEntries"][number] & { readonly at: Date };

/** A stall that was sold out from a moment until the market closed, whatever was in the barn. */
export interface EmptyStall {
  readonly productId: ProductId;
  readonly at: Date;
  readonly until: Date;
}

/**
 * A ledger as it happened: rows in the order of their time, so that a replay never falls below zero and a farmer reads it from the
 * latest back. Where a stall was sold out, what the ledger holds at that moment was picked for the orders of the next week: the
 * farmer counts the stall at nothing and what is in the barn once the market is over, or an order takes of it, so that the day is
 * known as sold out.
 *
 * @param rows any order; those of one moment keep theirs
 */
export function stockLedger(rows: readonly StockRow[], empty: readonly EmptyStall[]): StockRow[] {
  const ledger: StockRow[] = [];
  const held = new Map<ProductId, number>();
  const write = (row: StockRow): void => {
    ledger.push(row);
    held.set(row.productId, (held.get(row.productId) ?? 0) + row.deltaBase);
  };
  const recount = ({ productId }: EmptyStall, deltaBase: number, note: string, at: Date): StockRow => ({
    productId,
    deltaBase,
    reason: "recount",
    orderLineId: null,
    note,
    at,
  });
  const stalls = empty.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  /** Counted in the barn, the earliest first. */
  const barn: StockRow[] = [];
  const writeRecounts = (before: number): void => {
    for (;;) {
      const [back] = barn;
      const [stall] = stalls;
      if (back && back.at.getTime() < before && (!stall || back.at <= stall.at)) write(barn.shift()!);
      else if (stall && stall.at.getTime() < before) {
        stalls.shift();
        const base = held.get(stall.productId) ?? 0;
        if (base <= 0) continue;
        write(recount(stall, -base, "sold out at the stall", stall.at));
        barn.push(recount(stall, base, "kept for orders", stall.until));
        barn.sort((a, b) => a.at.getTime() - b.at.getTime());
      } else return;
    }
  };
  for (const row of rows.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    writeRecounts(row.at.getTime());
    const counted = barn.findIndex(({ productId }) => productId === row.productId);
    if (row.deltaBase < 0 && counted >= 0) write({ ...barn.splice(counted, 1)[0]!, at: row.at });
    write(row);
  }
  writeRecounts(Number.POSITIVE_INFINITY);
  return ledger;
}
