import { factorise, solveFactored } from "../numeric/linear.ts";

/** The weather of one day; null where a reading is missing. */
export interface DayWeather {
  /** Days since 1970. */
  readonly day: number;
  /** Rain of the day in millimetres, at least 0. */
  readonly rainMm: number | null;
  /** The day's highest temperature, degrees Celsius. */
  readonly temperatureC: number | null;
  /** Its lowest; absent where the source does not tell it. */
  readonly lowestC?: number | null;
}

/** What is usual on a day of the year at a place. */
export interface Climatology {
  /** Where it comes from, for people: readings of the place, or its latitude alone. */
  readonly source: "readings" | "latitude";
  /** Usual highest temperature of a day, degrees Celsius. */
  temperatureC(day: number): number;
  /** Chance of a wet day, in [0, 1]. */
  wetChance(day: number): number;
}

/** Rain from which a day counts as wet, millimetres: the threshold of the World Meteorological Organization. */
export const wetDayMm = 1;

const yearDays = 365.2425;
/** The coldest day comes about four weeks after the shortest: 21 December plus 28 days, counted from 1 January. */
const coldestDay = 17;

/** Rounded to what the bands of latitude have in common over land: mean and half the yearly range of daily highs, wet share. */
const bands: readonly { latitude: number; mean: number; swing: number; wet: number }[] = [
  { latitude: 0, mean: 30, swing: 1, wet: 0.45 },
  { latitude: 10, mean: 31, swing: 2, wet: 0.35 },
  { latitude: 20, mean: 30, swing: 5, wet: 0.2 },
  { latitude: 30, mean: 25, swing: 9, wet: 0.2 },
  { latitude: 40, mean: 18, swing: 12, wet: 0.3 },
  { latitude: 50, mean: 12, swing: 11, wet: 0.35 },
  { latitude: 60, mean: 7, swing: 12, wet: 0.35 },
  { latitude: 70, mean: -3, swing: 14, wet: 0.3 },
];

/**
 * The climate of a latitude, without any reading: one wave a year. It knows winter from summer and nothing of coasts, heights
 * or monsoons: several degrees off at most places, and of no use to tell one day from the next.
 *
 * @param latitude degrees, negative in the south, where the year is turned by half
 */
export function latitudeClimatology(latitude: number): Climatology {
  const place = Math.min(70, Math.abs(latitude)) / 10;
  const low = bands[Math.floor(place)]!;
  const high = bands[Math.min(bands.length - 1, Math.floor(place) + 1)]!;
  const share = place - Math.floor(place);
  const between = (of: (band: (typeof bands)[number]) => number): number =>
    of(low) * (1 - share) + of(high) * share;
  const mean = between((band) => band.mean);
  const swing = between((band) => band.swing) * (latitude < 0 ? -1 : 1);
  const wet = between((band) => band.wet);
  return {
    source: "latitude",
    temperatureC: (day) => mean - swing * Math.cos(angleOf(day) - (2 * Math.PI * coldestDay) / yearDays),
    wetChance: () => wet,
  };
}

/** Days of readings that count as much as the latitude does. */
const priorDays = 60;

/**
 * The climate of a place from readings: two waves a year beside the mean, drawn to that of its latitude while there are few.
 *
 * @param readings any number of days, in any order, gaps allowed
 * @param latitude degrees
 */
export function learnedClimatology(readings: readonly DayWeather[], latitude: number): Climatology {
  const prior = latitudeClimatology(latitude);
  const temperature = wavesOf(
    readings.flatMap(({ day, temperatureC }) =>
      temperatureC === null ? [] : [{ day, value: temperatureC - prior.temperatureC(day) }],
    ),
  );
  const wet = wavesOf(
    readings.flatMap(({ day, rainMm }) =>
      rainMm === null ? [] : [{ day, value: Number(rainMm >= wetDayMm) - prior.wetChance(day) }],
    ),
  );
  if (!temperature && !wet) return prior;
  return {
    source: "readings",
    temperatureC: (day) => prior.temperatureC(day) + (temperature?.(day) ?? 0),
    wetChance: (day) => Math.min(1, Math.max(0, prior.wetChance(day) + (wet?.(day) ?? 0))),
  };
}

/** Least squares of values on a mean and two waves a year, each drawn to 0 as by sixty days of nothing. */
function wavesOf(known: readonly { day: number; value: number }[]): ((day: number) => number) | undefined {
  if (known.length === 0) return undefined;
  const size = 5;
  const matrix = new Float64Array(size * size);
  const vector = new Float64Array(size);
  for (const { day, value } of known) {
    const row = waves(day);
    for (let i = 0; i < size; i++) {
      vector[i]! += row[i]! * value;
      for (let j = 0; j < size; j++) matrix[i * size + j]! += row[i]! * row[j]!;
    }
  }
  for (let i = 0; i < size; i++) matrix[i * size + i]! += i === 0 ? 1 : priorDays / 2;
  factorise(matrix, size);
  solveFactored(matrix, vector, size);
  return (day) => waves(day).reduce((sum, value, i) => sum + value * vector[i]!, 0);
}

function waves(day: number): number[] {
  const angle = angleOf(day);
  return [1, Math.cos(angle), Math.sin(angle), Math.cos(2 * angle), Math.sin(2 * angle)];
}

/** The angle of a day in its year, 0 at the turn of the year. */
function angleOf(day: number): number {
  return (2 * Math.PI * day) / yearDays;
}
