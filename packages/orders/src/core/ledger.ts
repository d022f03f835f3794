import type { Cents, FarmId } from "@almanac/kernel";

/**
 * Accounts of the money ledger, by whose books they are: `shopper` owes when positive, `farm` and `market` are owed when
 * negative, `provider` has received when positive, `payout` has left for a farm.
 */
export type LedgerAccount = "shopper" | "farm" | "market" | "provider" | "payout";
export type LedgerKind = "sale" | "fee" | "payment" | "refund" | "payout";

export interface LedgerRow {
  readonly account: LedgerAccount;
  readonly kind: LedgerKind;
  readonly farmId: FarmId | null;
  readonly amountCents: Cents;
}

/** What an order is worth at the moment: each farm's sales and fee, and the money that the provider has passed on. */
export interface OrderWorth {
  readonly farms: readonly {
    readonly farmId: FarmId;
    readonly subtotalCents: Cents;
    readonly feeCents: Cents;
  }[];
  readonly receivedCents: Cents;
}

/**
 * The rows of one transaction that take an order's ledger from what is written to what the order is worth now. They sum
 * to zero; nothing is returned for an account that is right already, so that posting twice writes nothing.
 *
 * A sale that grows is a `sale`, one that shrinks a `refund` with the signs turned, so that a cancellation reverses
 * exactly what was posted, for the right farm only. Money in is a `payment`, money back a `refund`.
 */
export function postingsToReach(written: readonly LedgerRow[], worth: OrderWorth): LedgerRow[] {
  const rows: LedgerRow[] = [];
  const target = new Map(worth.farms.map((farm) => [farm.farmId, farm]));
  const writtenFarms = written.flatMap((row) => (row.farmId === null ? [] : [row.farmId]));
  for (const farmId of new Set([...target.keys(), ...writtenFarms])) {
    const postedCents = postedOf(written, farmId);
    const salesCents = (target.get(farmId)?.subtotalCents ?? 0) - postedCents.sales;
    const feeCents = (target.get(farmId)?.feeCents ?? 0) - postedCents.fee;
    const kind = salesCents < 0 ? "refund" : "sale";
    if (salesCents !== 0) {
      rows.push({ account: "shopper", kind, farmId, amountCents: salesCents });
      rows.push({ account: "farm", kind, farmId, amountCents: -salesCents });
    }
    if (feeCents !== 0) {
      rows.push({ account: "farm", kind: "fee", farmId, amountCents: feeCents });
      rows.push({ account: "market", kind: "fee", farmId, amountCents: -feeCents });
    }
  }
  const receivedCents = worth.receivedCents - sumOf(written.filter((row) => row.account === "provider"));
  if (receivedCents !== 0) {
    const kind = receivedCents < 0 ? "refund" : "payment";
    rows.push({ account: "provider", kind, farmId: null, amountCents: receivedCents });
    rows.push({ account: "shopper", kind, farmId: null, amountCents: -receivedCents });
  }
  return rows;
}

/** What each farm is owed, in cents: its sales less its fees, less what was paid out. Positive when it is owed. */
export function owedToFarms(rows: readonly LedgerRow[]): Map<FarmId, Cents> {
  const owed = new Map<FarmId, Cents>();
  for (const row of rows) {
    if (row.account !== "farm" || row.farmId === null) continue;
    owed.set(row.farmId, (owed.get(row.farmId) ?? 0) - row.amountCents);
  }
  return owed;
}

/** Sum of amounts, in cents. Zero for every transaction and for every order: money only moves between accounts. */
export function sumOf(rows: readonly Pick<LedgerRow, "amountCents">[]): Cents {
  return rows.reduce((sum, row) => sum + row.amountCents, 0);
}

function postedOf(rows: readonly LedgerRow[], farmId: FarmId): { sales: Cents; fee: Cents } {
  const ofFarm = rows.filter((row) => row.farmId === farmId);
  return {
    sales: sumOf(ofFarm.filter((row) => row.account === "shopper")),
    fee: sumOf(ofFarm.filter((row) => row.account === "farm" && row.kind === "fee")),
  };
}
