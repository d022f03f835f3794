export { AppError, errorCategories, isAppError, wordsWithCause } from "./errors.ts";
export type { AppErrorOptions, ErrorCategory, ErrorCode } from "./errors.ts";
export { distanceKm } from "./geo.ts";
export type { GeoPoint } from "./geo.ts";
export { fnv1a, idFromName, isUuid, newId, parseId } from "./ids.ts";
export type {
  CartId,
  EventId,
  FarmId,
  Id,
  LotId,
  MarketId,
  OrderId,
  OrderLineId,
  OrderWindowId,
  PaymentId,
  PickupSlotId,
  ProductId,
  ReservationId,
  ShopperId,
  StallSaleId,
  SubOrderId,
  UserId,
  VariantId,
} from "./ids.ts";
export { InvariantError, invariant } from "./invariant.ts";
export {
  assertSaleCents,
  formatCents,
  maxSaleCents,
  priceForQuantity,
  roundHalfUp,
  shareOf,
  splitCents,
} from "./money.ts";
export type { Cents } from "./money.ts";
export { baseUnits, formatQuantity, formatRoughQuantity } from "./quantity.ts";
export type { BaseUnit } from "./quantity.ts";
export { seededRng } from "./random.ts";
export type { Rng } from "./random.ts";
export { sharedWork } from "./shared-work.ts";
export type { SharedWork } from "./shared-work.ts";
export {
  addCalendarDays,
  atMarketTime,
  dayOfYear,
  days,
  daysBetween,
  formatMarketTime,
  hours,
  marketDay,
  minutes,
  monthAt,
  halfYearLater,
  seasonAt,
  seconds,
  shiftedClock,
  systemClock,
  weekdayAt,
} from "./time.ts";
export type { CalendarDay, Clock, Milliseconds, Season, ShiftedClock } from "./time.ts";
