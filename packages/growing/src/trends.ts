import { createHash } from "node:crypto";
import { createCache } from "@almanac/cache";
import { findFarm } from "@almanac/catalog";
import type { Queryable } from "@almanac/db";
import {
  analyseTrends,
  salesPatterns,
  splitSeasons,
  yearOnYear,
  type DatedSales,
  type SalesPattern,
  type TrendAnalysis,
  type YearOnYear,
} from "@almanac/forecasting";
import {
  AppError,
  days,
  type BaseUnit,
  type CalendarDay,
  type FarmId,
  type ProductId,
} from "@almanac/kernel";
import { dayKey, holidaysOf, listPlannedProducts, readPastDemand } from "@almanac/planning";
import { trendFactors } from "./core/trend-factors.ts";
import { trendSeries, weeklySales, type TrendSeries } from "./core/trend-series.ts";
import { readTimeZone } from "./store/places.ts";

const historyDays = 3 * 365;
const shownWeeks = 52;

export interface ProductTrend extends TrendAnalysis {
  readonly productId: ProductId;
  readonly name: string;
  readonly baseUnit: BaseUnit;
  readonly basis: TrendSeries["basis"];
  /** Sold on a market day by week, the latest last; null where it was not for sale. */
  readonly weeks: readonly (number | null)[];
  /** A market day of the latest of these weeks; null where there are none. */
  readonly lastDay: CalendarDay | null;
  readonly yearOnYear: YearOnYear | null;
  /** Market days of the latest eight that were sold out early. */
  readonly soldOut: number;
  /** What moves it, in words, the weightiest first. */
  readonly factors: readonly string[];
}

export interface FarmTrends {
  readonly products: readonly ProductTrend[];
  /** Rhythms of all that the farm sells. */
  readonly patterns: readonly SalesPattern[];
  readonly marketDays: number;
}

/**
 * What of a farm's products rises and falls by itself, the time of the year taken out, with the farm's own rhythms. The
 * threshold follows from all of its products together, so that a long list does not make noise into news.
 */
export async function farmTrends(db: Queryable, farmId: FarmId, now: Date): Promise<FarmTrends> {
  const since = new Date(now.getTime() - days(historyDays));
  const [farm, products, timeZone] = await Promise.all([
    findFarm(db, { id: farmId }),
    listPlannedProducts(db, farmId),
    readTimeZone(db, farmId),
  ]);
  if (!farm) throw new AppError("farm_not_found", "There is no such farm.");
  const known = await readPastDemand(db, { since, now, farmId, products });
  const histories = Map.groupBy(known.histories, ({ productId }) => productId);
  const kept = products.filter(({ productId }) => histories.has(productId));
  const dated = kept.map(({ productId }) =>
    inOrder(
      histories.get(productId)!.flatMap(({ marketId, days: marketDays, sold, soldOut }) =>
        marketDays.flatMap((day, at) => {
          const base = sold[at] ?? null;
          if (base !== null) return [{ day, sold: base, soldOut: soldOut[at]! }];
          const isAbsent = known.absent.has(dayKey(productId, marketId, day));
          return isAbsent ? [{ day, sold: NaN, soldOut: false }] : [];
        }),
      ),
    ),
  );
  const facts: TrendFacts = {
    products: kept.map(({ productId, name, baseUnit }) => ({ productId, name, baseUnit })),
    dated,
    timeZone,
    hemisphere: farm.latitude < 0 ? "south" : "north",
  };
  const key = createHash("sha256").update(JSON.stringify(facts)).digest("base64");
  return analysed.get(key, () => Promise.resolve(trendsOf(facts)));
}

/** All that a farm's trends follow from. */
interface TrendFacts {
  readonly products: readonly Pick<ProductTrend, "productId" | "name" | "baseUnit">[];
  /** Their sales, one list a product. */
  readonly dated: readonly (readonly Sold[])[];
  readonly timeZone: string;
  readonly hemisphere: "north" | "south";
}

/** By what they follow from: the same sales have the same trends, and are analysed once. */
const analysed = createCache<FarmTrends>({ name: "growing.trends", ttlMs: days(1), maxEntries: 200 });

function trendsOf({ products, dated, timeZone, hemisphere }: TrendFacts): FarmTrends {
  const series = dated.map(trendSeries);
  const trends = analyseTrends(series.map(({ values }) => values));
  const total = totalOf(dated);
  return {
    products: products.map(({ productId, name, baseUnit }, at) => {
      const told = {
        ...trends[at]!,
        basis: series[at]!.basis,
        yearOnYear: yearOnYear(splitSeasons(dated[at]!)) ?? null,
        soldOut: dated[at]!.slice(-8).filter(({ soldOut }) => soldOut).length,
      };
      const weeks = Array.from(weeklySales(dated[at]!).slice(-shownWeeks), (value) =>
        Number.isNaN(value) ? null : value,
      );
      const lastDay = dated[at]!.at(-1)?.day ?? null;
      return { productId, name, baseUnit, ...told, weeks, lastDay, factors: trendFactors(told) };
    }),
    patterns: salesPatterns(total, {
      holidays: holidaysBetween(total, timeZone),
      hemisphere,
    }),
    marketDays: total.length,
  };
}

type Sold = DatedSales & { readonly soldOut: boolean };

/** Days of several markets in one row; what two markets sold on one day is added. */
function inOrder(list: readonly Sold[]): Sold[] {
  const byDay = new Map<CalendarDay, Sold>();
  for (const one of list) {
    const other = byDay.get(one.day);
    byDay.set(
      one.day,
      other ? { ...one, sold: one.sold + other.sold, soldOut: one.soldOut || other.soldOut } : one,
    );
  }
  return [...byDay.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/**
 * All products together, each as a share of its own mean, as grams and pieces do not add up; what was not there adds nothing
 * to a day.
 */
function totalOf(products: readonly (readonly Sold[])[]): DatedSales[] {
  const total = new Map<CalendarDay, number>();
  for (const sales of products) {
    const mean = sales.reduce((sum, { sold }) => sum + (sold || 0), 0) / Math.max(1, sales.length);
    if (mean > 0)
      for (const { day, sold } of sales) total.set(day, (total.get(day) ?? 0) + (sold || 0) / mean);
  }
  return [...total].map(([day, sold]) => ({ day, sold })).sort((a, b) => (a.day < b.day ? -1 : 1));
}

function holidaysBetween(sales: readonly DatedSales[], timeZone: string): string[] {
  const first = sales[0];
  if (!first) return [];
  const from = Number(first.day.slice(0, 4));
  const to = Number(sales.at(-1)!.day.slice(0, 4)) + 1;
  return Array.from({ length: to - from + 1 }, (_, at) => from + at).flatMap((year) =>
    holidaysOf(year, timeZone).map(({ day }) => day),
  );
}
