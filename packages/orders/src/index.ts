export { maxCartLines, maxLineQuantity, mergeCartLines } from "./core/cart-lines.ts";
export type { CartQuantity } from "./core/cart-lines.ts";
export { marketFeeCents } from "./core/fees.ts";
export { owedToFarms, postingsToReach, sumOf } from "./core/ledger.ts";
export type { LedgerAccount, LedgerKind, LedgerRow, OrderWorth } from "./core/ledger.ts";
export { formatOrderNumber, normaliseOrderNumber } from "./core/order-number.ts";
export { planOrder } from "./core/order-plan.ts";
export type { FarmLine, OrderPlan, PlannedSubOrder } from "./core/order-plan.ts";
export { lineTotalCents, totalsOf, weighingToleranceBasisPoints } from "./core/pricing.ts";
export type { PricedLine, Totals } from "./core/pricing.ts";
export { replayStock, wholeUnits } from "./core/stock.ts";
export { holdTtlMs } from "./core/windows.ts";
export type { EditRefusal } from "./core/windows.ts";
export { createPaymentSimulator } from "./payment-simulator.ts";
export type { PaymentSimulatorOptions } from "./payment-simulator.ts";
export type { AuthoriseRequest, Charge, ChargeRequest, PaymentProvider } from "./payments.ts";
export {
  cartMergeStep,
  ordersEraseStep,
  ordersExportStep,
  ordersMergeStep,
  ordersMergeSteps,
  ratingsMergeStep,
} from "./personal-data.ts";
export type { SlotChoice } from "./routes/orders.ts";
export { checkBooks } from "./store/books.ts";
export type { BookProblem, Books } from "./store/books.ts";
export type { FarmDay, FarmOrderLine, FarmSlot, FarmSubOrder, PickTotal } from "./store/farm-orders.ts";
export type { OrderLineView, OrderSummary, OrderView, SubOrderView } from "./store/order-views.ts";
export { takeOrderNumbers } from "./store/orders.ts";
export { readRatingAverages, readRatingSummary } from "./store/ratings.ts";
export type { RatingSummary, RatingView } from "./store/ratings.ts";
export type { StockEntryView, StockLevelView } from "./store/stock-views.ts";
export { appendStock, availableNow, endOverdueReservations, lockStock, saveStock } from "./store/stock.ts";
export type { LockedStock, StockEntryInput } from "./store/stock.ts";
export type { Trade } from "./trade.ts";
export { viewCart } from "./workflows/cart-view.ts";
export type { CartLineView, CartProblem, CartView } from "./workflows/cart-view.ts";
export { addToCart, clearCart, setCartMarket, setCartQuantity } from "./workflows/cart.ts";
export { cancelOrder } from "./workflows/cancel-order.ts";
export { changeOrderLine, changeOrderSlot } from "./workflows/change-order.ts";
export { startCheckout } from "./workflows/checkout.ts";
export { markCollected } from "./workflows/collect.ts";
export { expireHolds } from "./workflows/expire-holds.ts";
export { placeOrder } from "./workflows/place.ts";
export type { PlacedOrder, PlaceRequest } from "./workflows/place.ts";
export { reconcilePayments } from "./workflows/reconcile-payments.ts";
export { recordStock, recordableReasons } from "./workflows/record-stock.ts";
export type { RecordableReason, RecordStockRequest } from "./workflows/record-stock.ts";
export { settleOrder } from "./workflows/settle.ts";
export { weighLine } from "./workflows/weigh.ts";
export type { WeighRequest } from "./workflows/weigh.ts";
