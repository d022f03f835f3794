/** What is usual on a day of the year at a place. */
export interface DayClimate {
  /** Usual highest temperature, degrees Celsius. */
  readonly temperatureC: number;
  /** Chance of a wet day, in [0, 1]. */
  readonly wetChance: number;
}

/**
 * What a forecast knows of the weather, in words. The climate is the same every year, so it is in last year's sales already
 * and moves nothing: it tells the farmer what to expect.
 */
export function weatherWords(climate: DayClimate | undefined): string {
  if (!climate) return "Weather: not available, so it is left out";
  const days = Math.round(10 * climate.wetChance);
  const rain = days === 0 ? "hardly ever rain" : `rain on ${days} of 10 days`;
  return `Weather: no forecast of it is read; usual are ${Math.round(climate.temperatureC)} °C and ${rain}`;
}
