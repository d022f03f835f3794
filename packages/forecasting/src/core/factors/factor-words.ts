import type { WeatherBasis } from "../weather/weather-columns.ts";

export type FactorKind = "day" | "price" | "promotion" | "weather";

export interface TellableFactor {
  readonly kind: FactorKind;
  readonly name: string;
  /** Share of demand more (above 0) or less. */
  readonly change: number;
  /** How far the day is from usual in the factor's own unit; for a price the logarithm of its ratio to the usual one. */
  readonly away: number;
  /** True where the day's weather is only what is usual for the time of the year. */
  readonly isUsual: boolean;
}

/** A factor of a day in one short sentence: "Price 10 % above usual: 12 % less". */
export function factorWords({ kind, name, change, away, isUsual }: TellableFactor): string {
  const effect = `${percent(change)} ${change < 0 ? "less" : "more"}`;
  return `${causeOf({ kind, name, away, isUsual })}: ${effect}`;
}

function causeOf({ kind, name, away, isUsual }: Omit<TellableFactor, "change">): string {
  if (kind === "price") {
    return `Price ${percent(Math.expm1(away))} ${away < 0 ? "below" : "above"} usual`;
  }
  if (kind === "promotion") return away > 0 ? "Promotion" : "No promotion";
  if (kind === "day") return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  if (name === "rain") {
    if (isUsual) return away > 0 ? "A wet time of the year" : "A dry time of the year";
    return away > 0 ? "Rain" : "No rain";
  }
  return away > 0 ? "Warmer than usual" : "Colder than usual";
}

const words: Readonly<Record<WeatherBasis, string>> = {
  read: "Weather: as forecast",
  usual: "Weather: what is usual at this time of the year, no forecast",
  unavailable: "Weather: unavailable",
};

export function weatherWords(basis: WeatherBasis): string {
  return words[basis];
}

function percent(share: number): string {
  return `${Math.round(100 * Math.abs(share))} %`;
}
