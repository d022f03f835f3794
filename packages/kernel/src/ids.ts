import { AppError } from "./errors.ts";

declare const brand: unique symbol;

/** A UUID that names one kind of thing; ids of two kinds do not mix at compile time. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type UserId = Id<"user">;
/** A person who shops, signed in or not. Carts, orders, events and tastes hang on this, never on a user id. */
export type ShopperId = Id<"shopper">;
export type MarketId = Id<"market">;
export type FarmId = Id<"farm">;
export type ProductId = Id<"product">;
export type VariantId = Id<"variant">;
export type LotId = Id<"lot">;
export type OrderWindowId = Id<"order-window">;
export type PickupSlotId = Id<"pickup-slot">;
export type CartId = Id<"cart">;
export type OrderId = Id<"order">;
export type SubOrderId = Id<"sub-order">;
export type StallSaleId = Id<"stall-sale">;
export type OrderLineId = Id<"order-line">;
export type ReservationId = Id<"reservation">;
export type PaymentId = Id<"payment">;
export type EventId = Id<"event">;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/**
 * Reads an id from outside.
 *
 * @throws AppError `id_malformed` when the text is not a lower-case UUID
 */
export function parseId<Brand extends Id<string>>(text: string): Brand {
  if (!isUuid(text))
    throw new AppError("id_malformed", "An id must be a lower-case UUID.", { details: { text } });
  return text as Brand;
}

/**
 * A new time-ordered id (UUID version 7, RFC 9562).
 *
 * @param nowMs milliseconds since 1970; ids made in a later millisecond sort later
 * @param randomBytes ten bytes; seeded where ids have to be the same on every run
 */
export function newId<Brand extends Id<string>>(
  nowMs: number = Date.now(),
  randomBytes: Uint8Array = tenRandomBytes(),
): Brand {
  const bytes = new Uint8Array(16);
  let rest = nowMs;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(randomBytes.subarray(0, 10), 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return toUuid(bytes) as Brand;
}

/** Drawn for many ids at once: asking the system each time costs more than all the rest of an id. */
const randomPool = new Uint8Array(4_090);
let poolAt = randomPool.length;

function tenRandomBytes(): Uint8Array {
  if (poolAt >= randomPool.length) {
    crypto.getRandomValues(randomPool);
    poolAt = 0;
  }
  poolAt += 10;
  return randomPool.subarray(poolAt - 10, poolAt);
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function toUuid(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += hexOf[byte];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * The same id for the same name, on every machine: how an import can run twice without doubling anything.
 * FNV-1a (four 32-bit lanes) laid out as a UUID of version 8 (RFC 9562, section 5.8). Not for secrets.
 *
 * @param namespace what kind of name it is, such as "completejourney/household"
 */
export function idFromName<Brand extends Id<string>>(namespace: string, name: string): Brand {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  const text = `${namespace}\u0000${name}`;
  for (let lane = 0; lane < 4; lane++)
    view.setUint32(lane * 4, fnv1a(text, 0x811c9dc5 ^ (lane * 0x9e3779b1)));
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return toUuid(bytes) as Brand;
}

/** 32-bit FNV-1a with a final avalanche (MurmurHash3's), so that close names land far apart. */
export function fnv1a(text: string, offset = 0x811c9dc5): number {
  let hash = offset >>> 0;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}
