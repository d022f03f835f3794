export { isPicked, standardCategories } from "./core/categories.ts";
export { isCalendarDay, isMonthDay, isTimeZone, isWallTime } from "./core/calendar.ts";
export { assertHarvestDays, harvestBook, harvestKinds } from "./core/harvest.ts";
export type {
  Harvest,
  HarvestBook,
  HarvestDays,
  HarvestKind,
  HarvestPlace,
  HarvestRow,
  HarvestScope,
} from "./core/harvest.ts";
export {
  acceptsOrder,
  checkoutGraceMs,
  chooseWindow,
  planOrderWindow,
  upcomingMarketDays,
  usualRhythm,
  windowState,
} from "./core/order-windows.ts";
export type { WindowRhythm, WindowState, WindowTimes } from "./core/order-windows.ts";
export { planPickupSlots } from "./core/pickup-slots.ts";
export type { SlotPlan, SlotTimes } from "./core/pickup-slots.ts";
export { currentPriceDrop, isPriceDrop, lowestPriceBefore } from "./core/price-drop.ts";
export type { PriceChange, PriceDrop } from "./core/price-drop.ts";
export { comparablePriceCents, estimateCents, leadVariant } from "./core/prices.ts";
export type { VariantPricing } from "./core/prices.ts";
export { productStatuses } from "./core/publishing.ts";
export type { ProductStatus } from "./core/publishing.ts";
export { slugOf, slugPattern } from "./core/slugs.ts";
export type {
  Category,
  Farm,
  ImageInfo,
  LiveFarm,
  LiveProduct,
  LiveVariant,
  Lot,
  Market,
  NextWindow,
  OrderWindow,
  PickupSlot,
  Product,
  Stall,
  Variant,
} from "./core/things.ts";
export { catalogEraseStep, catalogExportStep, catalogMergeStep } from "./personal-data.ts";
export type {
  FarmView,
  MarketView,
  ProductSummary,
  SlotView,
  VariantView,
  WindowView,
} from "./routes/shapes.ts";
export { findFarm, listFarms, listFollowedFarms, listFollowers } from "./store/farms.ts";
export { deleteUnusedImages, findImageFile, listImages } from "./store/images.ts";
export { listLiveProducts, pageLiveProducts } from "./store/live-products.ts";
export type { LiveProductsOptions } from "./store/live-products.ts";
export { findMarket, listMarkets } from "./store/markets.ts";
export {
  findOrderWindow,
  findPickupSlot,
  listPickupSlots,
  nextOpenWindow,
  nextOpenWindows,
} from "./store/order-windows.ts";
export type { PickupSlotWithWindow } from "./store/order-windows.ts";
export { listPriceChanges } from "./store/prices.ts";
export type { RecordedPriceChange } from "./store/prices.ts";
export {
  addMissingCategories,
  findVariant,
  isCategory,
  listCategories,
  listVariants,
  saveCategories,
} from "./store/products.ts";
export type { FarmVariant } from "./store/products.ts";
export { claimStockAlerts, listWishers, listWishes } from "./store/wishes.ts";
export type { StockAlert, StockAlertKind, Wish } from "./store/wishes.ts";
export type { Act } from "./workflows/act.ts";
export { addWish, followFarm, subscribeToStock } from "./workflows/following.ts";
export { moveFirstHarvest } from "./core/first-harvest.ts";
export { clearHarvest, setHarvest } from "./workflows/harvests.ts";
export { addLot, noteHarvest } from "./workflows/lots.ts";
export type { HarvestTarget } from "./store/harvest-windows.ts";
export { createFarm, createMarket, editFarm, giveStall, removeStall } from "./workflows/markets.ts";
export type { FarmInput, PersonalAct } from "./workflows/markets.ts";
export { createProduct, editProduct, publishProduct, setProductStatus } from "./workflows/products.ts";
export type { ProductDraft, ProductEdit } from "./workflows/products.ts";
export { saveVariant, setPrice, setVariantStatus } from "./workflows/variants.ts";
export type { PriceSetting, VariantInput } from "./workflows/variants.ts";
export { createWindow, extendAllWindows, extendWindows } from "./workflows/windows.ts";
export type { WindowInput } from "./workflows/windows.ts";
export { getLiveProduct } from "./workflows/product-detail.ts";
export type { LiveProductDetail, PricePoint } from "./workflows/product-detail.ts";
