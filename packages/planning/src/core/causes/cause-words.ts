import { factorWords } from "@almanac/forecasting";
import type { PlannedDay } from "../own-prices.ts";
import { plannedPriceWords } from "./planned-price-words.ts";
import { priceColumn } from "./reckon-causes.ts";
import type { SeriesReckoned } from "./reckon-series.ts";

/** Something that moves a coming day, and that its forecast reckons with. */
export interface ReckonedCause {
  readonly kind: "events" | "price" | "weather";
  /** "Before Thanksgiving: 35 % more". */
  readonly text: string;
}

const leastTold = 0.03;

/**
 * The reasons that a product's forecast of a day reckons with, in words, largest first: those that move it by 3 % or more.
 *
 * @param at which of the market's days, past and coming
 * @param prices own price by market day
 * @param planned what is planned to be asked on the day, which is then told however little it does
 */
export function causeWords(
  { market, coefficients, share }: SeriesReckoned,
  at: number,
  prices: Float64Array | undefined,
  planned?: PlannedDay,
): ReckonedCause[] {
  const effectOf = (isOf: (name: string) => boolean): number =>
    market.causes.reduce(
      (sum, { name, column }, i) => (isOf(name) ? sum + coefficients[i]! * column[at]! : sum),
      0,
    );
  const feast = market.feasts[at];
  const feastNames = feast
    ? [feast.isBefore ? "before holiday" : "holiday", `${feast.isBefore ? "before " : ""}${feast.name}`]
    : [];
  const weather = (name: "rain" | "warmth") => {
    const found = market.causes.find((cause) => cause.name === name);
    return {
      kind: "weather" as const,
      name,
      effect: effectOf((one) => one === name),
      away: found?.column[at] ?? 0,
    };
  };
  const price =
    prices && coefficients.length > market.causes.length ? priceColumn(prices, market.past)[at]! : 0;
  const all = [
    {
      kind: "day" as const,
      name: feastNames[1] ?? "",
      effect: effectOf((name) => feastNames.includes(name)),
      away: 1,
    },
    { kind: "day" as const, name: "pay day", effect: effectOf((name) => name === "pay day"), away: 1 },
    weather("rain"),
    weather("warmth"),
    {
      kind: "price" as const,
      name: "price",
      effect: price === 0 ? 0 : coefficients.at(-1)! * price,
      away: price,
    },
  ];
  return all
    .map((one) => ({ ...one, change: Math.expm1(one.effect) }))
    .filter(({ kind, change }) => Math.abs(change) >= leastTold || (kind === "price" && planned))
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .map(({ kind, name, change, away }) => ({
      kind: kind === "day" ? ("events" as const) : kind,
      text:
        kind === "price" && planned && prices
          ? plannedPriceWords(planned, { prices, at, past: market.past, ...(share > 0 && { change }) })
          : factorWords({ kind, name, change, away, isUsual: false }),
    }));
}
