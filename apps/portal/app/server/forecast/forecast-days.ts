import { formatQuantity, formatRoughQuantity } from "@almanac/kernel";
import { isPictureName, pictureFor } from "@almanac/ui";
import { dayInWords } from "../words/dates.ts";
import { rangeWords } from "./forecast-words.ts";
import type { Api } from "../request/person.ts";

type Forecast = Awaited<ReturnType<Api["planning"]["forecasts"]>>["forecasts"][number];

/**
 * What a farm's next market days will ask for, a list a day and market, what sells most first. Markets are named where the farm
 * has forecasts at more than one.
 *
 * @param forecasts the next day first
 */
export function forecastDays(forecasts: readonly Forecast[], now: Date) {
  const severalMarkets = new Set(forecasts.map(({ marketId }) => marketId)).size > 1;
  return [...Map.groupBy(forecasts, ({ marketDay, marketId }) => `${marketDay} ${marketId}`)]
    .map(([key, rows]) => ({ key, day: rows[0]!.marketDay, market: rows[0]!.marketName, rows }))
    .sort((one, other) => order(one.day, other.day) || order(one.market, other.market))
    .map(({ key, day, market, rows }) => ({
      key,
      title: severalMarkets ? `${dayInWords(day, now)}, ${market}` : dayInWords(day, now),
      rows: rows
        .filter(({ p90 }) => Math.round(p90) > 0)
        .sort((a, b) => b.p50 - a.p50 || order(a.name, b.name))
        .map((row) => ({
          id: row.productId,
          page: severalMarkets ? `${row.productId}?market=${row.marketId}` : row.productId,
          name: row.name,
          picture: isPictureName(row.picture) ? row.picture : pictureFor({ name: row.name }),
          expected: formatRoughQuantity(row.p50, row.baseUnit),
          range: rangeWords(row, row.baseUnit),
          ordered:
            row.orderedBase > 0 ? `, ${formatQuantity(row.orderedBase, row.baseUnit)} ordered already` : "",
          isRare: row.demandClass === "intermittent",
        })),
    }));
}

const order = (one: string, other: string): number => Number(one > other) - Number(one < other);
