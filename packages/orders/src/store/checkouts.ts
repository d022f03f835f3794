import { and, desc, eq, gte, inArray, lte, or } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { checkouts, payments, type CheckoutLine } from "@almanac/db/schema";
import {
  newId,
  type CartId,
  type Cents,
  type OrderId,
  type PaymentId,
  type PickupSlotId,
  type ShopperId,
} from "@almanac/kernel";

export interface Checkout {
  readonly id: string;
  readonly shopperId: ShopperId;
  readonly pickupSlotId: PickupSlotId;
  readonly status: "open" | "placed" | "expired" | "abandoned";
  readonly lines: readonly CheckoutLine[];
  readonly startedAt: Date;
  readonly expiresAt: Date;
}

const checkoutColumns = {
  id: checkouts.id,
  shopperId: checkouts.shopperId,
  pickupSlotId: checkouts.pickupSlotId,
  status: checkouts.status,
  lines: checkouts.lines,
  startedAt: checkouts.startedAt,
  expiresAt: checkouts.expiresAt,
};

/**
 * A shopper's checkouts that still matter, locked, the latest first: the open ones, and those that ran out no earlier than
 * `since` (they may have begun before a cut-off that has passed).
 */
export async function lockRecentCheckouts(
  tx: Transaction,
  shopperId: ShopperId,
  since: Date,
): Promise<Checkout[]> {
  return tx
    .select(checkoutColumns)
    .from(checkouts)
    .where(
      and(
        eq(checkouts.shopperId, shopperId),
        or(
          eq(checkouts.status, "open"),
          and(eq(checkouts.status, "expired"), gte(checkouts.startedAt, since)),
        ),
      ),
    )
    .orderBy(desc(checkouts.startedAt), desc(checkouts.id))
    .limit(20)
    .for("update");
}

export async function lockCheckout(tx: Transaction, checkoutId: string): Promise<Checkout | undefined> {
  const [row] = await tx
    .select(checkoutColumns)
    .from(checkouts)
    .where(eq(checkouts.id, checkoutId))
    .for("update");
  return row;
}

export async function findCheckout(db: Queryable, checkoutId: string): Promise<Checkout | undefined> {
  const [row] = await db.select(checkoutColumns).from(checkouts).where(eq(checkouts.id, checkoutId));
  return row;
}

/** Open checkouts past their time, locked, at most `limit`; those that somebody else works on are left for later. */
export async function lockOverdueCheckouts(tx: Transaction, now: Date, limit: number): Promise<string[]> {
  const rows = await tx
    .select({ id: checkouts.id })
    .from(checkouts)
    .where(and(eq(checkouts.status, "open"), lte(checkouts.expiresAt, now)))
    .orderBy(checkouts.expiresAt)
    .limit(limit)
    .for("update", { skipLocked: true });
  return rows.map((row) => row.id);
}

export async function insertCheckout(
  tx: Transaction,
  { cartId, ...checkout }: Checkout & { readonly cartId: CartId },
): Promise<void> {
  await tx.insert(checkouts).values({ ...checkout, cartId, lines: [...checkout.lines] });
}

export async function setCheckoutStatus(
  tx: Transaction,
  checkoutIds: readonly string[],
  status: Checkout["status"],
): Promise<void> {
  if (checkoutIds.length === 0) return;
  await tx
    .update(checkouts)
    .set({ status })
    .where(inArray(checkouts.id, [...checkoutIds]));
}

export interface Payment {
  readonly id: PaymentId;
  readonly orderId: OrderId | null;
  readonly checkoutId: string | null;
  readonly reference: string;
  readonly status: "pending" | "authorised" | "captured" | "released" | "declined";
  readonly authorisedCents: Cents;
  readonly capturedCents: Cents;
}

export const paymentColumns = {
  id: payments.id,
  orderId: payments.orderId,
  checkoutId: payments.checkoutId,
  reference: payments.providerReference,
  status: payments.status,
  authorisedCents: payments.authorisedCents,
  capturedCents: payments.capturedCents,
};

/** The key that a shopper's key becomes: two shoppers may choose the same. */
export function paymentKey(shopperId: ShopperId, idempotencyKey: string): string {
  return `${shopperId}:${idempotencyKey}`;
}

export async function findPaymentByKey(db: Queryable, key: string): Promise<Payment | undefined> {
  const [row] = await db.select(paymentColumns).from(payments).where(eq(payments.idempotencyKey, key));
  return row;
}

export async function lockPayment(tx: Transaction, id: PaymentId): Promise<Payment | undefined> {
  const [row] = await tx.select(paymentColumns).from(payments).where(eq(payments.id, id)).for("update");
  return row;
}

/** The payment of an order; orders that were imported have none. */
export async function findPaymentOfOrder(db: Queryable, orderId: OrderId): Promise<Payment | undefined> {
  const [row] = await db
    .select(paymentColumns)
    .from(payments)
    .where(
      and(eq(payments.orderId, orderId), inArray(payments.status, ["authorised", "captured", "released"])),
    )
    .orderBy(desc(payments.createdAt))
    .limit(1);
  return row;
}

export async function insertPendingPayment(
  tx: Transaction,
  input: { checkoutId: string; provider: string; key: string; amountCents: Cents; now: Date },
): Promise<Payment> {
  const { checkoutId, provider, key, amountCents, now } = input;
  const id = newId<PaymentId>(now.getTime());
  const row = {
    id,
    checkoutId,
    provider,
    authorisedCents: amountCents,
    idempotencyKey: key,
    createdAt: now,
    updatedAt: now,
  };
  await tx.insert(payments).values(row);
  return {
    id,
    orderId: null,
    checkoutId,
    reference: "",
    status: "pending",
    authorisedCents: amountCents,
    capturedCents: 0,
  };
}

export async function updatePayment(
  tx: Queryable,
  id: PaymentId,
  patch: Partial<Omit<Payment, "id">>,
  now: Date,
): Promise<void> {
  const { reference, ...rest } = patch;
  const set = reference === undefined ? rest : { ...rest, providerReference: reference };
  await tx
    .update(payments)
    .set({ ...set, updatedAt: now })
    .where(eq(payments.id, id));
}

/**
 * Gives up a payment that no order came of: its key is free for another attempt, and "authorised" without an order means
 * that the provider still has to be told. Nothing happens to a payment that is no longer pending.
 *
 * @returns whether it was given up by this call
 */
export async function abandonPendingPayment(
  db: Queryable,
  id: PaymentId,
  { status, now }: { status: "authorised" | "declined" | "released"; now: Date },
): Promise<boolean> {
  const freed = status === "declined" ? {} : { idempotencyKey: `abandoned:${id}` };
  const rows = await db
    .update(payments)
    .set({ status, ...freed, updatedAt: now })
    .where(and(eq(payments.id, id), eq(payments.status, "pending")))
    .returning({ id: payments.id });
  return rows.length > 0;
}
