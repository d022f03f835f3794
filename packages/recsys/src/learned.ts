// Behind a door of its own, as it brings the trees of `ml` with it: a shop without them recommends all the same.
export { fitLearnedBasket } from "./core/offline/basket/learned-basket.ts";
export type { LearnedBasketOptions, LearnedBasketScorer } from "./core/offline/basket/learned-basket.ts";
export { chooseDiscovery } from "./core/offline/basket/choose-discovery.ts";
export { readPurchaseDiary } from "./core/offline/basket/purchase-diary.ts";
export type { PurchaseDiary } from "./core/offline/basket/purchase-diary.ts";
export { fitLearnedSession } from "./core/offline/session/learned-session.ts";
export type { LearnedSessionOptions } from "./core/offline/session/learned-session.ts";
