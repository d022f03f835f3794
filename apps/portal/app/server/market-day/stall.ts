import { formatCents, formatQuantity, parseId, type MarketId, type StallSaleId } from "@almanac/kernel";
import type { Fields } from "../request/fields.ts";
import type { Done } from "../request/handlers.ts";
import type { Api, FarmPlace } from "../request/person.ts";

export type StallDay = Awaited<ReturnType<Api["stall"]["day"]>>;
export type StallRow = StallDay["products"][number];

/** How a farmer says a quantity at the stall: in kilograms and litres by the scale, else by counting. */
export interface Measure {
  readonly unit: string;
  /** Base units of one: 1000 g of a kilogram, 500 g of a bag. */
  readonly base: number;
  readonly isCounted: boolean;
}

export function measureOf({ baseUnit, isWeighed, priceUnit, unitQuantityBase }: StallRow): Measure {
  if (baseUnit === "piece" || !isWeighed) {
    return { unit: priceUnit, base: unitQuantityBase, isCounted: true };
  }
  return { unit: baseUnit === "ml" ? "l" : "kg", base: 1_000, isCounted: false };
}

const tenders = ["cash", "card"] as const;

/** What the quick-sale form says, as one sale. */
export async function sellOne(api: Api, farm: FarmPlace, fields: Fields): Promise<Done> {
  const market = fields.text("market", { required: "Open the page again." });
  const wanted = fields.text("variant", { required: "Choose what is sold." });
  const idempotencyKey = fields.text("key", { required: "Open the page again." });
  const tender = fields.oneOf("tender", tenders);
  fields.done();
  const marketId = parseId<MarketId>(market);
  const { products } = await api.stall.day({ farmId: farm.id, marketId });
  const row = products.find(({ variantId }) => variantId === wanted);
  if (!row) fields.wrong("variant", "This is not there to sell any more. Choose again.");
  fields.done();
  const measure = measureOf(row!);
  const typed = measure.isCounted
    ? fields.whole("amount", { min: 1, max: 10_000 })
    : fields.decimal("amount", { min: 0.001, max: 1_000 });
  fields.done();
  const quantityBase = Math.round(typed * measure.base);
  const { saleId, totalCents, isRepeat } = await api.stall.sell({
    farmId: farm.id,
    marketId,
    variantId: row!.variantId,
    quantityBase,
    tender,
    idempotencyKey,
  });
  const what = `${measure.isCounted ? `${typed} × ${row!.variantName}` : formatQuantity(quantityBase, row!.baseUnit)} ${row!.name}`;
  return {
    message: `${isRepeat ? "Sold already" : "Sold"}: ${what}, ${formatCents(totalCents)} ${tender === "cash" ? "in cash" : "by card"}.`,
    undo: { label: "Undo", fields: { intent: "undo", sale: saleId } },
  };
}

export async function undoSale(api: Api, farm: FarmPlace, fields: Fields): Promise<Done> {
  const sale = fields.text("sale", { required: "Open the page again." }) || fields.text("subject");
  fields.done();
  const { isRepeat } = await api.stall.undo({ farmId: farm.id, saleId: parseId<StallSaleId>(sale) });
  return {
    message: isRepeat ? "This was taken back already." : "Taken back: stock and money are as before.",
  };
}
