import type { Cents, FarmId } from "@almanac/kernel";
import { postingsToReach, type LedgerRow } from "@almanac/orders";

/** A sale whose buyer paid the farm itself, with the market's fee on it. */
export interface StallWorth {
  readonly farmId: FarmId;
  readonly totalCents: Cents;
  readonly feeCents: Cents;
}

/**
 * Ledger rows of a sale at the stall, summing to zero. Sale and fee are those of an order. The payment goes from the buyer
 * into the farm's own hands, so that the farm is owed nothing more and owes the fee.
 */
export function postingsOfSale({ farmId, totalCents, feeCents }: StallWorth): LedgerRow[] {
  const sold = postingsToReach([], {
    farms: [{ farmId, subtotalCents: totalCents, feeCents }],
    receivedCents: 0,
  });
  return [...sold, ...payment(farmId, totalCents, "payment")];
}

/** Rows that turn a sale round: the goods came back and so did the money. */
export function postingsOfUndo({ farmId, totalCents, feeCents }: StallWorth): LedgerRow[] {
  const sold = postingsToReach([], {
    farms: [{ farmId, subtotalCents: totalCents, feeCents }],
    receivedCents: 0,
  });
  return [
    ...postingsToReach(sold, { farms: [], receivedCents: 0 }),
    ...payment(farmId, -totalCents, "refund"),
  ];
}

function payment(farmId: FarmId, cents: Cents, kind: "payment" | "refund"): LedgerRow[] {
  if (cents === 0) return [];
  return [
    { account: "shopper", kind, farmId: null, amountCents: -cents },
    { account: "farm", kind, farmId, amountCents: cents },
  ];
}
