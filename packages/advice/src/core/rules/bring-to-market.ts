import { chanceEnough } from "../demand.ts";
import type { Advice } from "../facts.ts";
import { profitOf, type PlannedLoad } from "../plan-loads.ts";
import { amount, dayInWords, enoughInWords, roughly } from "../words.ts";
import { priorityBefore } from "../priority.ts";
import { criticalRatio } from "../newsvendor.ts";
import { keepsUntilNext, moneyOn } from "../shelf-life.ts";

/** How much of a product to bring to a market day; the next of each market alone, and nothing where that is planned already. Its gain is over bringing what is ordered. */
export function bringToMarket(
  { product, day, ratio, bringBase, isCapped, isAllThereIs, limit }: PlannedLoad,
  now: Date,
): Advice[] {
  const isNext = day === product.days.find(({ marketId }) => marketId === day.marketId);
  if (bringBase <= 0 || !isNext || day.plannedBase !== undefined || now >= day.startsAt) return [];
  const { name, baseUnit } = product;
  const why =
    criticalRatio(moneyOn(product, day)) === 0
      ? "that is what is ordered, and more would lose money"
      : isCapped
        ? limit === "hands"
          ? "there are no hands to pick and pack more"
          : "the van has no room for more"
        : isAllThereIs
          ? "that is all there is of it"
          : `${enoughInWords(chanceEnough(day.demand, bringBase))}, which pays best at what it earns and costs` +
            (keepsUntilNext(product, day) ? ", and what is left keeps until the next market day" : "");
  return [
    {
      type: "BRING_TO_MARKET",
      productId: product.productId,
      marketId: day.marketId,
      marketDay: day.day,
      currentBase: 0,
      recommendedBase: bringBase,
      reasoning:
        `Bring ${amount(bringBase, baseUnit)} of ${name} to ${day.marketName} on ${dayInWords(day.day)}: ${why}. ` +
        `Likely wanted: ${roughly(day.demand.p50, baseUnit)}` +
        `${day.orderedBase > 0 ? `, ${amount(day.orderedBase, baseUnit)} of that ordered already` : ""}.`,
      priority: priorityBefore(day.startsAt, now),
      validUntil: day.startsAt,
      gainCents: Math.max(
        0,
        Math.round(profitOf(product, day, bringBase) - profitOf(product, day, day.orderedBase)),
      ),
      details: { kind: "bring", demand: day.demand, ratio, isCapped },
    },
  ];
}
