import type { Climatology, DayWeather } from "./climatology.ts";
import { wetDayMm } from "./climatology.ts";

/** Where a day's weather is taken from. */
export type WeatherBasis = "read" | "usual" | "unavailable";

/** Weather as columns of a daily series, over history and horizon. */
export interface WeatherColumns {
  /** 1 on a wet day, 0 on a dry one, the chance of a wet day where only the climate is known; null where nothing is. */
  readonly rain: readonly (number | null)[];
  /** Degrees Celsius above what is usual on the day of the year, over ten; 0 where only the climate is known. */
  readonly warmth: readonly (number | null)[];
  readonly basis: readonly WeatherBasis[];
}

/**
 * Readings and forecasts of the weather where there are some, the climate where not, nothing where the place has neither.
 *
 * @param readings read or forecast, any order; a later entry of the same day takes the place of an earlier one
 * @param climatology of the place; without it, days without a reading are unknown
 * @param firstPeriod days since 1970 of the first value
 * @param length days of history and horizon together
 */
export function weatherColumns(
  readings: readonly DayWeather[],
  climatology: Climatology | undefined,
  firstPeriod: number,
  length: number,
): WeatherColumns {
  const byDay = new Map(readings.map((reading) => [reading.day, reading]));
  const rain: (number | null)[] = [];
  const warmth: (number | null)[] = [];
  const basis: WeatherBasis[] = [];
  for (let day = firstPeriod; day < firstPeriod + length; day++) {
    const { rainMm = null, temperatureC = null } = byDay.get(day) ?? {};
    const usualRain = climatology ? climatology.wetChance(day) : null;
    const usualWarmth = climatology ? 0 : null;
    rain.push(rainMm === null ? usualRain : Number(rainMm >= wetDayMm));
    warmth.push(
      temperatureC === null || !climatology
        ? usualWarmth
        : (temperatureC - climatology.temperatureC(day)) / 10,
    );
    basis.push(rainMm !== null ? "read" : climatology ? "usual" : "unavailable");
  }
  return { rain, warmth, basis };
}
