import { formatCents, type BaseUnit } from "@almanac/kernel";
import type { Api } from "../request/person.ts";

export type PriceOffer = Awaited<ReturnType<Api["pricing"]["suggestions"]>>["offers"][number];
type Change = NonNullable<PriceOffer["suggestion"]["expected"]>["sales"];

/** Whether there is something to decide: another price, not dismissed before. */
export const isOpen = ({ suggestion: { kind }, isDismissed }: PriceOffer): boolean =>
  !isDismissed && (kind === "floor" || kind === "raise" || kind === "lower");

/** Why that price, in a sentence. */
export function whyOf({ suggestion, cost, known, priceUnit }: PriceOffer): string {
  const margin = cost ? cost.marginBasisPoints / 100 : 0;
  const floor = suggestion.floorCents === null ? "" : formatCents(suggestion.floorCents);
  switch (suggestion.kind) {
    case "cost-missing":
      return "Say what it costs you, and we can say something about its price.";
    case "too-little-known":
      return "Too little is known yet of how buyers answer to its price.";
    case "planned":
      return "It is a price that you have planned for some days. After them the one of before can be thought over.";
    case "floor":
      return `It sells below what you want at least: ${floor} / ${priceUnit}, your cost and ${margin}\u00a0% on top.`;
    case "raise":
      return `Buyers seem to mind its price little (${answerWords(known)}), so that asking more leaves you more.`;
    case "lower":
      return `Buyers seem to mind its price much (${answerWords(known)}), so that asking less sells enough more to leave you more.`;
    case "hold":
      return "No other price would surely leave you more.";
  }
}

function answerWords(known: PriceOffer["known"]): string {
  if (!known) return "";
  return `10\u00a0% dearer, ${share(1 - 1.1 ** known.elasticity.mid)} less bought`;
}

/** What that rests on. */
export function basisOf({ known }: PriceOffer): string {
  if (!known) return "";
  const days = `${known.marketDays} market days`;
  switch (known.source) {
    case "product":
      return `Learned from its own ${days} at ${known.priceLevels} prices.`;
    case "category":
      return "Its own price hardly changed: learned mostly from other products of its kind.";
    case "market":
      return "Little is known of its kind: learned mostly from all products of the markets.";
  }
}

/** "−8 % (−12 to −4 %)" */
export function changeWords({ low, mid, high }: Change): string {
  if (high - low < 0.005) return signed(mid);
  return `${signed(mid)} (${signed(low)} to ${signed(high)})`;
}

export function signed(value: number): string {
  const rounded = Math.round(100 * value);
  const sign = rounded > 0 ? "+" : rounded < 0 ? "−" : "";
  return `${sign}${Math.abs(rounded)}\u00a0%`;
}

const share = (value: number): string => `${Math.round(100 * value)}\u00a0%`;

/** Where others' prices were looked at, and what the own price comes to where it is for another measure. */
export function bandWords(band: NonNullable<PriceOffer["band"]>, offer: PriceOffer): string {
  const { name, baseUnit, priceUnit, unitPriceCents } = offer;
  const unit = comparedBy[baseUnit];
  const where = band.where === "market" ? "at your market" : "at markets around";
  const what = band.over === "crop" ? "sell the same crop" : `sell what is of a kind with ${name}`;
  const own =
    priceUnit === unit
      ? ""
      : ` Yours is ${formatCents(Math.round(comparable(unitPriceCents, offer)))} / ${unit}.`;
  return `Half of the ${band.farms} other farms ${where} that ${what} ask ${formatCents(band.lowerCents)} to ${formatCents(band.upperCents)} / ${unit}.${own}`;
}

/** "kg", "litre", "piece": what prices are compared by. */
export const comparedBy: Readonly<Record<BaseUnit, string>> = { g: "kg", ml: "litre", piece: "piece" };

/** Cents for 1000 g, 1000 ml or a piece. */
export function comparable(cents: number, { unitPricePer, baseUnit }: PriceOffer): number {
  return (cents / unitPricePer) * (baseUnit === "piece" ? 1 : 1_000);
}
