import { atMarketTime } from "@almanac/kernel";
import type { Advice, FarmFacts, ProductFacts } from "../facts.ts";
import { amount, dayInWords } from "../words.ts";

/** What will be past its best before the next market day, and is promised to nobody: give it away today. */
export function donate(product: ProductFacts, { now, today }: FarmFacts): Advice[] {
  const [next] = product.days;
  const {
    name,
    baseUnit,
    onHandBase,
    reservedBase,
    sellingTodayBase = 0,
    crateBase,
    money,
    perBase,
  } = product;
  // What is past its best before already is not given to anybody, though it may still be on the books.
  const going = product.lots.filter(
    ({ bestBefore }) => bestBefore >= today && (!next || bestBefore < next.day),
  );
  const lost = going.reduce((sum, lot) => sum + lot.quantityBase, 0);
  const spare = Math.min(lost, onHandBase - reservedBase) - sellingTodayBase;
  const quantity = Math.floor(spare / crateBase) * crateBase;
  if (quantity <= 0) return [];
  const until = going[0]!.bestBefore;
  const validUntil = atMarketTime(until, 23, 59, "UTC");
  if (now >= validUntil) return [];
  return [
    {
      type: "DONATE",
      productId: product.productId,
      currentBase: onHandBase,
      recommendedBase: quantity,
      reasoning: `Give away ${amount(quantity, baseUnit)} of ${name}: it is best before ${dayInWords(until)}, and no market day comes before that.`,
      priority: until <= today ? "URGENT" : "HIGH",
      validUntil,
      gainCents: Math.round((quantity * money.salvage) / perBase),
      details: { kind: "quantity" },
    },
  ];
}
