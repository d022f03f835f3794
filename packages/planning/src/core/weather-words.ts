/** The weather of a coming day at a place. */
export interface ExpectedWeather {
  /** Highest temperature, degrees Celsius. */
  readonly temperatureC: number;
  /** Chance of a wet day, in [0, 1]; 0 or 1 where it was read. */
  readonly wetChance: number;
  /** Forecast by a service; else it is what is usual on the day of the year. */
  readonly isRead: boolean;
  /** A service was asked, and did not answer. */
  readonly hasFailed?: boolean;
}

/**
 * What a forecast knows of the weather, in words. The climate is the same every year, so it is in last year's sales already
 * and moves nothing: it tells the farmer what to expect.
 *
 * @param reckoned what the forecast reckons with of it: "Rain: 20 % less"
 */
export function weatherWords(weather: ExpectedWeather | undefined, reckoned: readonly string[] = []): string {
  if (!weather) return "Weather: not available, so it is left out";
  const degrees = `${Math.round(weather.temperatureC)} °C`;
  if (weather.isRead) {
    const sky = weather.wetChance >= 0.5 ? "rain" : "dry";
    const effect = reckoned.length === 0 ? "it moves this too little to reckon with" : reckoned.join("; ");
    return `Weather: ${degrees} and ${sky} forecast; ${effect}`;
  }
  const days = Math.round(10 * weather.wetChance);
  const rain = days === 0 ? "hardly ever rain" : `rain on ${days} of 10 days`;
  const why = weather.hasFailed ? "its service did not answer" : "no forecast of it is read";
  return `Weather: ${why}; usual are ${degrees} and ${rain}`;
}
