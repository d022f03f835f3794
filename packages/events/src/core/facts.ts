import type {
  CartId,
  Cents,
  EventId,
  FarmId,
  MarketId,
  OrderId,
  ProductId,
  ShopperId,
  UserId,
  VariantId,
} from "@almanac/kernel";
import type { EntityType, UserActionType } from "./actions.ts";

/** The payload of each topic. JSON only: moments are ISO texts. */
export interface FactPayloads {
  /** Somebody did something; one per row of the event log. */
  "action.tracked": {
    seq: number;
    id: EventId;
    action: UserActionType;
    shopperId: ShopperId | null;
    sessionId: string | null;
    entityType: EntityType | null;
    entityId: string | null;
    metadata: Record<string, unknown>;
    source: string;
    occurredAt: string;
    recordedAt: string;
  };
  "order.placed": {
    orderId: OrderId;
    shopperId: ShopperId;
    marketId: MarketId;
    productIds: ProductId[];
    farmIds: FarmId[];
  };
  "order.changed": { orderId: OrderId; shopperId?: ShopperId };
  "order.cancelled": {
    orderId: OrderId;
    shopperId?: ShopperId;
    marketId?: MarketId;
    productIds?: ProductId[];
    farmIds?: FarmId[];
  };
  "order.collected": { orderId: OrderId; shopperId?: ShopperId; farmId?: FarmId };
  /** Available = on hand minus reserved, in base units. */
  "stock.changed": { productId: ProductId; availableBase: number; previousAvailableBase: number };
  /** Something was sold to a walk-in at a stall, or a sale was taken back. */
  "stall.changed": { farmId: FarmId; marketId: MarketId; marketDay: string; productId: ProductId };
  "price.changed": {
    productId: ProductId;
    variantId: VariantId;
    oldPriceCents: Cents;
    newPriceCents: Cents;
  };
  /** A product is for sale for the first time. */
  "product.listed": { productId: ProductId; farmId: FarmId };
  "product.changed": { productId: ProductId };
  "product.delisted": { productId: ProductId };
  "farm.changed": { farmId: FarmId };
  /** A visitor signed in: what was `fromId`'s now belongs to `intoId`. */
  "shopper.merged": { fromId: ShopperId; intoId: ShopperId };
  "shopper.erased": { shopperId: ShopperId };
  "wish.added": { shopperId: ShopperId; productId: ProductId };
  "farm.followed": { shopperId: ShopperId; farmId: FarmId };
  /** Order windows or pickup slots of a market. */
  "window.changed": { marketId: MarketId };
  "cart.changed": { shopperId: ShopperId; version: number };
  /** Orders close soon and the cart is not ordered; said once for each closing. `risk` is in [0, 1]. */
  "cart.at_risk": {
    shopperId: ShopperId;
    cartId: CartId;
    marketId: MarketId;
    closesAt: string;
    risk: number;
  };
  /**
   * One session or one API key ended, or without either all that the user has; or a browser is the visitor of its cookie no
   * longer, as it signed in.
   */
  "session.revoked": { userId: UserId; sessionId?: string; keyId?: string } | { visitorId: ShopperId };
}

export type FactTopic = keyof FactPayloads;

/** Something that became true, in the past tense, with what others need to know about it. */
export type Fact = {
  [Topic in FactTopic]: { readonly topic: Topic; readonly payload: FactPayloads[Topic] };
}[FactTopic];

export type FactOf<Topic extends FactTopic> = Extract<Fact, { topic: Topic }>;
