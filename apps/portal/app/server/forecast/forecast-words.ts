import { formatQuantity, formatRoughQuantity, type BaseUnit } from "@almanac/kernel";
import { dayInWords } from "../words/dates.ts";
import type { Api } from "../request/person.ts";

type Found = Awaited<ReturnType<Api["planning"]["forecast"]>>;
type Expected = Pick<Found["forecasts"][number], "marketDay" | "p10" | "p50" | "p90" | "orderedBase">;

/** What a chart counts in, and how many base units that is. */
export function forecastUnit(baseUnit: BaseUnit): { unit: string; divisor: number } {
  if (baseUnit === "piece") return { unit: "pieces", divisor: 1 };
  return { unit: baseUnit === "ml" ? "litres" : "kilograms", divisor: 1_000 };
}

/** "8 of 10 times between 8 kg and 16.7 kg"; where the orders leave nothing open, that. */
export function rangeWords({ p10, p90 }: Pick<Expected, "p10" | "p90">, unit: BaseUnit): string {
  const [from, to] = [formatRoughQuantity(p10, unit), formatRoughQuantity(p90, unit)];
  return from === to ? "no more than that in 9 of 10 cases" : `8 of 10 times between ${from} and ${to}`;
}

/** "Saturday 16 August: likely 13.5 kg, 8 of 10 times between 13.5 kg and 15.8 kg; 13.5 kg are ordered already." */
export function summaryOf(expected: Expected, unit: BaseUnit, now: Date): string {
  const { marketDay, p50, orderedBase } = expected;
  const ordered = orderedBase > 0 ? `; ${formatQuantity(orderedBase, unit)} ordered already` : "";
  return `${dayInWords(marketDay, now)}: likely ${formatRoughQuantity(p50, unit)}, ${rangeWords(expected, unit)}${ordered}.`;
}

/** What the orders so far tell, where earlier market days show how they come in: a sentence, or none. */
export function bookingWords({
  usuallyOrdered,
  orderedBase,
}: Pick<Found["forecasts"][number], "usuallyOrdered" | "orderedBase">): string[] {
  if (usuallyOrdered === null) return [];
  const share = `${Math.round(100 * usuallyOrdered)}\u00a0%`;
  const sofar = orderedBase > 0 ? "" : "; nothing is ordered yet";
  return [`Orders so far: by this time ${share} of a market day is usually ordered${sofar}`];
}

/** Why nothing is forecast of a product, for a person. */
export function noForecastWords(
  reason: NonNullable<Found["reason"]>,
  market: string,
): { readonly title: string; readonly why: string } {
  switch (reason) {
    case "never-sold":
      return {
        title: "No forecast yet",
        why: "Nothing of it was sold yet. It takes four market days first.",
      };
    case "too-new":
      return {
        title: "No forecast yet",
        why: `It needs four market days at ${market} on which there was some to sell.`,
      };
    case "no-stall":
      return { title: "No forecast", why: `You have no stall at ${market} any more.` };
    case "no-day":
      return { title: "No forecast", why: `No market day at ${market} is to come that takes place.` };
    case "gone":
      return {
        title: "No forecast",
        why: "There was none to sell for eight market days, and none was sold round this time last year. Once it is in stock again it is forecast.",
      };
    case "soon":
      return { title: "No forecast yet", why: "The next hour's run works it out." };
  }
}

/** How forecasts of the latest market days came out, for a person. */
export function howGood({
  judged,
  accuracy,
  baseUnit,
}: Pick<Found, "judged" | "accuracy" | "baseUnit">): string {
  if (!judged) return "Not known yet: it takes some market days more.";
  const { days, offBase, biasBase, soldBase, demandClass } = judged;
  const off = formatRoughQuantity(offBase, baseUnit);
  const sold = formatRoughQuantity(soldBase, baseUnit);
  const error = `Over the last ${days} market days its forecasts were off by ${off} a day, of ${sold} sold a day`;
  const leaning = biasWords(soldBase > 0 ? biasBase / soldBase : null);
  if (accuracy !== null)
    return `${error}: ${Math.round(100 * accuracy)}\u00a0% right, counting all that was off.${leaning}`;
  return demandClass === "intermittent"
    ? `${error}. It sells only now and then, so no accuracy is promised.${leaning}`
    : `${error}. That is too few days to promise an accuracy.${leaning}`;
}

/** Less than so much too high or too low on the whole is not worth a word. */
const leastBias = 0.03;

/** Whether forecasts were too high or too low on the whole; bias as a share of what was sold. */
function biasWords(bias: number | null): string {
  if (bias === null) return "";
  if (Math.abs(bias) < leastBias) return " On the whole they were neither too high nor too low.";
  return ` On the whole they were ${Math.round(100 * Math.abs(bias))}\u00a0% too ${bias > 0 ? "high" : "low"}.`;
}

type Classes = Awaited<ReturnType<Api["planning"]["forecasts"]>>["classes"];

/** How forecasts of the latest eight market days came out, by how a product sells; counted is every kilo and piece. */
export function classWords({ regular, intermittent, unknown }: Classes): string[] {
  const products = (count: number): string => (count === 1 ? "1 product" : `${count} products`);
  const off = ({ wape }: Classes["regular"]): string =>
    wape === null ? "nothing was sold" : `off by ${Math.round(100 * wape)}\u00a0% of what was sold`;
  return [
    regular.products > 0 &&
      (regular.accuracy === null
        ? `Sells regularly, ${products(regular.products)}: not known yet, it takes eight market days.`
        : `Sells regularly, ${products(regular.products)}: ${Math.round(100 * regular.accuracy)}\u00a0% right over the last eight market days, counting every kilo and piece that was off.${biasWords(regular.bias)}`),
    intermittent.products > 0 &&
      `Sells now and then, ${products(intermittent.products)}: ${off(intermittent)}. Nothing is promised.${biasWords(intermittent.bias)}`,
    unknown > 0 && `Too new or never sold, ${products(unknown)}: no forecast.`,
  ].filter((text) => text !== false);
}

const modelNames: Readonly<Record<string, string>> = {
  "ets-average": "exponential smoothing",
  ets: "exponential smoothing",
  theta: "Theta",
  dotm: "optimised Theta",
  "4theta": "Theta with the trend that fits best",
  "ces-average": "complex exponential smoothing",
  mstl: "seasons taken apart",
  "mstl-arima": "seasons taken apart, with ARIMA",
  arima: "ARIMA",
  "arima-average": "averaged ARIMA",
  naive: "the day before",
  "seasonal-naive": "the same week of last year",
  "long-seasonal-naive": "the same hour of last week",
  lagged: "the hours before, yesterday's and last week's",
  "lagged-wide": "the same, with more of each day of the week",
  "year-before": "the same weeks of the year before, at this year's level",
  pooled: "all products together",
  croston: "Croston",
  sba: "Croston, corrected",
  tsb: "Teunter-Syntetos-Babai",
  adida: "ADIDA",
  "negative-binomial": "negative binomial counts",
};

/** "Learned from 104 market days by 7 models together: ..." */
export function modelWords({
  model,
  daysLearned,
}: Pick<Found["forecasts"][number], "model" | "daysLearned">): string {
  const names = model.split("+").map((name) => modelNames[name] ?? name);
  const by = names.length === 1 ? "one model" : `${names.length} models together`;
  return `Learned from ${daysLearned} market days by ${by}: ${names.join("; ")}.`;
}
