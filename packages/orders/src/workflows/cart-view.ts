import { listImages, nextOpenWindow, type ImageInfo } from "@almanac/catalog";
import type { Queryable } from "@almanac/db";
import {
  formatCents,
  type BaseUnit,
  type CartId,
  type Cents,
  type FarmId,
  type MarketId,
  type OrderWindowId,
  type ProductId,
  type ShopperId,
  type VariantId,
} from "@almanac/kernel";
import { lineTotalCents, totalsOf } from "../core/pricing.ts";
import { findShortages, wholeUnits } from "../core/stock.ts";
import { findCart, readMarket } from "../store/carts.ts";
import { readVariants, type SellableVariant } from "../store/catalog-lines.ts";
import { availableFor } from "../store/stock.ts";

export type CartProblem = "sold_out" | "not_enough" | "delisted";

export interface CartLineView {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly variantName: string;
  readonly farm: { readonly id: FarmId; readonly slug: string; readonly name: string };
  readonly picture: string;
  readonly image?: ImageInfo;
  readonly baseUnit: BaseUnit;
  readonly quantity: number;
  readonly unitQuantityBase: number;
  readonly unitPriceCents: Cents;
  readonly unitPricePer: number;
  readonly priceUnit: string;
  readonly isWeighed: boolean;
  readonly estimateCents: Cents;
  readonly isAvailable: boolean;
  /** Whole units that this shopper could still have, beside the lines before this one. */
  readonly availableQuantity: number;
  readonly problem?: CartProblem;
}

export interface CartView {
  /** `null` while nothing was ever put into it. */
  readonly id: CartId | null;
  readonly version: number;
  readonly marketId: MarketId | null;
  readonly marketName: string;
  readonly timeZone: string;
  /** By farm, in the order in which they were added. */
  readonly lines: readonly CartLineView[];
  readonly groups: readonly {
    readonly farm: CartLineView["farm"];
    readonly variantIds: readonly VariantId[];
    readonly subtotalCents: Cents;
  }[];
  /** Of the lines that can be bought. */
  readonly subtotalCents: Cents;
  readonly holdCents: Cents;
  /** Present when something is weighed. */
  readonly weighedNote?: string;
  readonly window: {
    readonly id: OrderWindowId;
    readonly marketDay: string;
    readonly closesAt: string;
    readonly isOpen: boolean;
  } | null;
  /** Units in all. */
  readonly count: number;
}

/** A shopper's cart as pages show it: priced, checked against stock, with what is wrong about each line. */
export async function viewCart(
  db: Queryable,
  { shopperId, marketId: fallback, now }: { shopperId?: ShopperId; marketId?: MarketId; now: Date },
): Promise<CartView> {
  const cart = shopperId && (await findCart(db, shopperId));
  const marketId = cart?.marketId ?? fallback;
  if (!marketId) return emptyCart;
  const market = await readMarket(db, marketId);
  const window = await nextOpenWindow(db, marketId, now);
  const lines = cart && shopperId ? await viewLines(db, { cart, shopperId, now }) : [];
  const buyable = lines.filter((line) => line.problem !== "delisted" && line.problem !== "sold_out");
  const priced = buyable.map((line) => ({ ...line, quantityBase: line.quantity * line.unitQuantityBase }));
  const totals = totalsOf(priced);
  return {
    id: cart?.id ?? null,
    version: cart?.version ?? 0,
    marketId,
    marketName: market.name,
    timeZone: market.timeZone,
    lines,
    groups: groupByFarm(lines, buyable),
    ...totals,
    weighedNote: buyable.some((line) => line.isWeighed)
      ? `Some things are weighed when they are packed. We hold up to ${formatCents(totals.holdCents)} and charge what the scale says.`
      : undefined,
    window: window
      ? {
          id: window.id,
          marketDay: window.marketDay,
          closesAt: window.closesAt.toISOString(),
          isOpen: window.isOpen,
        }
      : null,
    count: lines.reduce((sum, line) => sum + line.quantity, 0),
  };
}

const emptyCart: CartView = {
  id: null,
  version: 0,
  marketId: null,
  marketName: "",
  timeZone: "UTC",
  lines: [],
  groups: [],
  subtotalCents: 0,
  holdCents: 0,
  window: null,
  count: 0,
};

interface ViewLinesInput {
  readonly cart: NonNullable<Awaited<ReturnType<typeof findCart>>>;
  readonly shopperId: ShopperId;
  readonly now: Date;
}

async function viewLines(db: Queryable, { cart, shopperId, now }: ViewLinesInput): Promise<CartLineView[]> {
  const variants = await readVariants(
    db,
    cart.marketId,
    cart.lines.map((line) => line.variantId),
  );
  const known = cart.lines.flatMap(({ variantId, quantity }) => {
    const variant = variants.get(variantId);
    return variant ? [{ ...variant, quantity }] : [];
  });
  const productIds = new Set(known.map((line) => line.productId));
  const available = await availableFor(db, { productIds, shopperId, now });
  const shortages = findShortages(
    known.filter((line) => line.isSellable),
    available,
  );
  const shortBy = new Map(shortages.map((shortage) => [shortage.variantId, shortage.availableQuantity]));
  const imageIds = known.flatMap((line) => (line.imageId === null ? [] : [line.imageId]));
  const images = await listImages(db, imageIds);
  const views = known.map((line) => {
    const inStock = wholeUnits(available.get(line.productId) ?? 0, line.unitQuantityBase);
    const short = shortBy.get(line.variantId);
    const availableQuantity = line.isSellable ? (short ?? inStock) : 0;
    const image = line.imageId === null ? undefined : images.get(line.imageId);
    return viewLine(line, { availableQuantity, image, problem: problemOf(line, short) });
  });
  const farmOrder = [...new Set(views.map((line) => line.farm.id))];
  return farmOrder.flatMap((farmId) => views.filter((line) => line.farm.id === farmId));
}

function problemOf(line: SellableVariant, shortTo: number | undefined): CartProblem | undefined {
  if (!line.isSellable) return "delisted";
  if (shortTo === undefined) return undefined;
  return shortTo === 0 ? "sold_out" : "not_enough";
}

function viewLine(
  line: SellableVariant & { readonly quantity: number },
  {
    availableQuantity,
    image,
    problem,
  }: { availableQuantity: number; image?: ImageInfo; problem?: CartProblem },
): CartLineView {
  return {
    variantId: line.variantId,
    productId: line.productId,
    slug: line.slug,
    name: line.productName,
    variantName: line.variantName,
    farm: { id: line.farmId, slug: line.farmSlug, name: line.farmName },
    picture: line.picture,
    image,
    baseUnit: line.baseUnit,
    quantity: line.quantity,
    unitQuantityBase: line.unitQuantityBase,
    unitPriceCents: line.unitPriceCents,
    unitPricePer: line.unitPricePer,
    priceUnit: line.priceUnit,
    isWeighed: line.isWeighed,
    estimateCents: lineTotalCents({ ...line, quantityBase: line.quantity * line.unitQuantityBase }),
    isAvailable: problem === undefined,
    availableQuantity,
    problem,
  };
}

function groupByFarm(lines: readonly CartLineView[], buyable: readonly CartLineView[]): CartView["groups"] {
  const farms = new Map(lines.map((line) => [line.farm.id, line.farm]));
  return [...farms.values()].map((farm) => ({
    farm,
    variantIds: lines.filter((line) => line.farm.id === farm.id).map((line) => line.variantId),
    subtotalCents: buyable
      .filter((line) => line.farm.id === farm.id)
      .reduce((sum, line) => sum + line.estimateCents, 0),
  }));
}
