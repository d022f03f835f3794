import { formatRoughQuantity, type BaseUnit } from "@almanac/kernel";
import { shortDay } from "../words/dates.ts";
import { forecastUnit } from "./forecast-words.ts";
import type { Api } from "../request/person.ts";

export type PastForecast = Awaited<ReturnType<Api["planning"]["history"]>>[number];

export interface PastForecasts {
  /** A sentence for each version of the models, the latest first; and of market days that tell nothing. */
  readonly words: readonly string[];
  /** Market days, the oldest first. */
  readonly labels: readonly string[];
  /** As charted, in the unit of the product's charts. */
  readonly sold: readonly number[];
  readonly versions: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
}

/** So many versions are charted beside what was sold: more colours there are not. */
const chartedVersions = 3;

/**
 * What was forecast of a product at one market for days that are over, by each version of the models, beside what was sold.
 * A market day that was cancelled tells nothing, nor does one with nothing to sell: they are left out, and that is said.
 *
 * @param rows of that market, the latest day first
 * @param inUse the version that forecasts now; nothing where none does
 * @returns `null` where none is over
 */
export function pastForecasts(
  rows: readonly PastForecast[],
  { baseUnit, inUse }: { baseUnit: BaseUnit; inUse: string | undefined },
): PastForecasts | null {
  const own = rows.filter((row) => !row.isCancelled && !row.tellsNothing).toReversed();
  const daysOf = (list: readonly PastForecast[]): number =>
    new Set(list.map(({ marketDay }) => marketDay)).size;
  const cancelled = rows.filter((row) => row.isCancelled);
  const silent = rows.filter((row) => !row.isCancelled && row.tellsNothing);
  if (own.length === 0) return null;
  const { divisor } = forecastUnit(baseUnit);
  const days = Map.groupBy(own, ({ marketDay }) => marketDay);
  const versions = [...new Set(own.map(({ modelVersion }) => modelVersion))].sort((a, b) =>
    b.localeCompare(a, "en", { numeric: true }),
  );
  return {
    words: [
      ...versions.map((version) =>
        versionWords(
          version === inUse ? `The models in use, version ${version}` : `Version ${version}`,
          own.filter(({ modelVersion }) => modelVersion === version),
          baseUnit,
        ),
      ),
      ...leftOutWords(daysOf(cancelled), "cancelled"),
      ...leftOutWords(daysOf(silent), "without any to sell, or entered wrongly,"),
    ],
    labels: [...days.keys()].map(shortDay),
    sold: [...days.values()].map(([row]) => row!.soldBase / divisor),
    versions: versions.slice(0, chartedVersions).map((version) => ({
      label: `expected, version ${version}`,
      values: [...days.values()].map((ofDay) => {
        const row = ofDay.find(({ modelVersion }) => modelVersion === version);
        return row ? row.p50 / divisor : null;
      }),
    })),
  };
}

function leftOutWords(count: number, why: string): string[] {
  if (count === 0) return [];
  return [
    `${count === 1 ? `1 market day was ${why} and is` : `${count} market days were ${why} and are`} left out.`,
  ];
}

/** "Version 1: off by 2.1 kg a market day, of 10.3 kg sold a day; within its bounds on 7 of 9." Sold-out days hide demand. */
function versionWords(name: string, rows: readonly PastForecast[], unit: BaseUnit): string {
  const told = rows.filter(({ soldOut }) => !soldOut);
  const hidden = rows.length - told.length;
  const aside = hidden === 0 ? "" : ` Sold out on ${hidden} more, which tell no error.`;
  if (told.length === 0) return `${name}: nothing to judge by yet.${aside}`;
  const mean = (pick: (row: PastForecast) => number): string =>
    formatRoughQuantity(told.reduce((sum, row) => sum + pick(row), 0) / told.length, unit);
  const off = mean(({ p50, soldBase }) => Math.abs(p50 - soldBase));
  const inside = told.filter(({ p10, p90, soldBase }) => p10 <= soldBase && soldBase <= p90).length;
  const days = told.length === 1 ? "1 market day" : `${told.length} market days`;
  return `${name}: off by ${off} a day over ${days}, of ${mean(({ soldBase }) => soldBase)} sold a day; within the bounds on ${inside} of ${told.length}, where 8 of 10 are meant.${aside}`;
}
