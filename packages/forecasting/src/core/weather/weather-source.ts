import type { GeoPoint } from "@almanac/kernel";
import type { Climatology, DayWeather } from "./climatology.ts";
import { latitudeClimatology } from "./climatology.ts";
import { weatherColumns } from "./weather-columns.ts";
import type { WeatherColumns } from "./weather-columns.ts";

/** Where weather comes from: a service, a station's file. Reads outside of the process, so that callers hold it. */
export interface WeatherSource {
  /**
   * Weather of past days and forecasts of coming ones, as far as the source has them.
   *
   * @param from, to days since 1970, both included
   * @throws whatever went wrong; a forecast then does without
   */
  read(place: GeoPoint, from: number, to: number): Promise<readonly DayWeather[]>;
}

/** No readings at all: what is left is the climate. The default, as it needs neither network nor key. */
export const offlineWeather: WeatherSource = { read: () => Promise.resolve([]) };

export interface WeatherOptions {
  /** `off` tells forecasts that weather is unavailable. */
  readonly source: WeatherSource | "off";
  readonly place: GeoPoint;
  /** Days since 1970 of the first value. */
  readonly firstPeriod: number;
  /** Days of history and horizon together. */
  readonly length: number;
  /** The climate of the place; that of its latitude unless told. */
  readonly climatology?: Climatology;
  /** Told what went wrong with the source; the climate stands in. */
  readonly onFailure?: (cause: unknown) => void;
}

/**
 * Weather columns from a source, with the climate where it has nothing or fails: no forecast waits for the weather.
 *
 * @returns undefined when the source is off
 */
export async function weatherFrom(options: WeatherOptions): Promise<WeatherColumns | undefined> {
  const { source, place, firstPeriod, length, onFailure } = options;
  if (source === "off") return undefined;
  const climatology = options.climatology ?? latitudeClimatology(place.latitude);
  let readings: readonly DayWeather[] = [];
  try {
    readings = await source.read(place, firstPeriod, firstPeriod + length - 1);
  } catch (cause) {
    onFailure?.(cause);
  }
  return weatherColumns(readings, climatology, firstPeriod, length);
}
