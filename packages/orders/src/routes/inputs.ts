import type { LotId, OrderLineId, PickupSlotId, ProductId, SubOrderId, VariantId } from "@almanac/kernel";
import { AppError, isUuid } from "@almanac/kernel";
import { idInput, momentInput, textInput } from "@almanac/trpc";
import { z } from "zod";
import { maxLineQuantity } from "../core/cart-lines.ts";
import { normaliseOrderNumber } from "../core/order-number.ts";

export const variantId = idInput<VariantId>();
export const productId = idInput<ProductId>();
export const pickupSlotId = idInput<PickupSlotId>();
export const subOrderId = idInput<SubOrderId>();
export const lineId = idInput<OrderLineId>();
export const lotId = idInput<LotId>();
export const uuid = z.string().refine(isUuid, "must be a lower-case UUID");

/** Units of a line; 0 only where it takes the line out. */
export const quantity = z.number().int().min(1).max(maxLineQuantity);
export const quantityOrNone = z.number().int().min(0).max(maxLineQuantity);

/** Chosen by the sender, once per thing that should happen once. */
export const idempotencyKey = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{8,100}$/, "must be 8 to 100 letters, digits or .:_-");

export const stars = z.number().int().min(1).max(5);
export const body = textInput({ max: 2_000 }).default("");
export const note = textInput({ max: 500 }).default("");

/** Base units: grams of a lorry, at most. */
export const baseUnits = z.number().int().min(-100_000_000).max(100_000_000);

/** An order number as people type it; one that cannot exist is an order that is not there. */
export const orderNumber = z
  .string()
  .max(40)
  .transform((text) => {
    const number = normaliseOrderNumber(text);
    if (!number) throw new AppError("order_not_found", "There is no such order.");
    return number;
  });

/** Two parts of a list's last row, as an opaque text. */
export function toCursor(at: string, id: string): string {
  return Buffer.from(`${at} ${id}`).toString("base64url");
}

/** @throws AppError `input_invalid` for a text that no answer gave */
export function fromCursor(cursor: string): { at: Date; id: string } {
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  const moment = momentInput.safeParse(at);
  if (!moment.success || !isUuid(id)) throw new AppError("input_invalid", "This cursor is not one of ours.");
  return { at: moment.data, id };
}
