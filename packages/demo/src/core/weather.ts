import { dayOfYear, seededRng, type CalendarDay } from "@almanac/kernel";

export interface Weather {
  /** Degrees Celsius at market hours. */
  readonly temperatureC: number;
  readonly rainMm: number;
}

/**
 * The demo's weather: a yearly wave plus persistent noise, the same for the same seed, market and day.
 *
 * @param latitude degrees; south of the equator the wave is turned by half a year
 */
export function weatherOn(seed: number, market: string, day: CalendarDay, latitude: number): Weather {
  const rng = seededRng(`${seed}/weather/${market}/${day}`);
  const phase = latitude < 0 ? 182 : 0;
  const yearly = Math.sin(((dayOfYear(day) + phase - 105) / 365) * 2 * Math.PI);
  const temperatureC = Math.round((11 + 13 * yearly + 3.5 * rng.normal()) * 10) / 10;
  const isWet = rng.next() < 0.28;
  const rainMm = isWet ? Math.round(-7 * Math.log(1 - rng.next()) * 10) / 10 : 0;
  return { temperatureC, rainMm };
}

/** How many more or fewer people come: rain keeps up to 40 % at home, frost and heat some. */
export function turnoutFactor({ temperatureC, rainMm }: Weather): number {
  const rain = 1 - 0.4 * (1 - Math.exp(-rainMm / 8));
  const comfort = 1 - Math.min(0.3, Math.max(0, Math.abs(temperatureC - 18) - 10) * 0.015);
  return rain * comfort;
}
