import { dayNumber, type DayWeather, type WeatherSource } from "@almanac/forecasting";
import { hours, minutes, type Clock, type GeoPoint } from "@almanac/kernel";
import { z } from "zod";
import { OutsideAnswerError, readBoundedJson } from "./bounded-json.ts";

export interface WeatherServiceOptions {
  /** Forecasts and the last weeks, in the manner of Open-Meteo: `https://api.open-meteo.com/v1/forecast`. */
  readonly url: string;
  /** Readings of past years in the same manner; without it too few days are known to learn what weather does. */
  readonly archiveUrl?: string;
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly mostBytes?: number;
  /** Told what went wrong, once per failure and not per reader. */
  readonly onFailure?: (cause: unknown) => void;
}

/** Days around today that the forecast's address knows. */
const forecastReach = { before: 80, after: 15 };
/** The archive is complete up to so many days ago. */
const archiveDelayDays = 7;
const forecastFreshMs = hours(1);
const archiveFreshMs = hours(24);
/** After a failure nobody waits for the service again for so long. */
const failureMs = minutes(5);
const mostKept = 200;
const mostDays = 3_000;

/** What the service answers: columns by day, with gaps. */
const answerSchema = z.object({
  daily: z
    .object({
      time: z.array(z.iso.date()).max(mostDays),
      precipitation_sum: z.array(z.number().min(0).max(5_000).nullable()),
      temperature_2m_max: z.array(z.number().min(-100).max(70).nullable()),
      // Only degree-days need it: a service without it serves all the rest.
      temperature_2m_min: z.array(z.number().min(-100).max(70).nullable()).optional(),
    })
    .refine(
      ({ time, precipitation_sum: rain, temperature_2m_max: warmth, temperature_2m_min: lowest = warmth }) =>
        [rain, warmth, lowest].every(({ length }) => length === time.length),
      "columns differ in length",
    ),
});

interface Kept {
  readonly answer: Promise<readonly DayWeather[]>;
  untilMs: number;
}

/**
 * Weather read over HTTP from a service in the manner of Open-Meteo, which needs no key: past years from its archive, the last
 * weeks and the days to come from its forecast, the latter before the former where both know a day.
 *
 * Answers are kept for an hour (those of the archive for a day), and so are failures for five minutes: a service that is slow
 * or down delays one forecast in five minutes by its time-out. Whoever asks twice at once asks once.
 *
 * @throws from `read`: OutsideAnswerError, or what `fetch` throws; `weatherFrom` lets the climate stand in then
 */
export function weatherService(options: WeatherServiceOptions): WeatherSource {
  const { url, archiveUrl, clock, timeoutMs = 4_000, mostBytes = 1_000_000, onFailure } = options;
  const kept = new Map<string, Kept>();

  function keep(address: URL, freshMs: number): Promise<readonly DayWeather[]> {
    const key = address.href;
    const now = clock.now().getTime();
    const known = kept.get(key);
    if (known && known.untilMs > now) return known.answer;
    const answer = readBoundedJson(address, { timeoutMs, mostBytes }).then(dayWeather);
    const own: Kept = { answer, untilMs: now + freshMs };
    answer.catch((cause: unknown) => {
      own.untilMs = clock.now().getTime() + failureMs;
      onFailure?.(cause);
    });
    kept.delete(key);
    kept.set(key, own);
    for (const [oldest] of kept) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    return answer;
  }

  return {
    async read(place, from, to) {
      const today = Math.floor(clock.now().getTime() / 86_400_000);
      const archived = Math.min(to, today - archiveDelayDays);
      const [first, last] = [
        Math.max(from, today - forecastReach.before),
        Math.min(to, today + forecastReach.after),
      ];
      const parts = await Promise.all([
        archiveUrl !== undefined && from <= archived
          ? keep(addressOf(archiveUrl, place, from, archived), archiveFreshMs)
          : [],
        first <= last ? keep(addressOf(url, place, first, last), forecastFreshMs) : [],
      ]);
      // A gap of the forecast does not hide what the archive knows.
      const byDay = new Map<number, DayWeather>();
      for (const reading of parts.flat()) {
        if (reading.rainMm === null && reading.temperatureC === null) continue;
        if (reading.day >= from && reading.day <= to) byDay.set(reading.day, reading);
      }
      return [...byDay.values()];
    },
  };
}

/** Places are asked for to a hundredth of a degree, about a kilometre: nobody's stall is told more closely. */
function addressOf(base: string, place: GeoPoint, from: number, to: number): URL {
  const address = new URL(base);
  const set = (name: string, value: string): void => address.searchParams.set(name, value);
  set("latitude", place.latitude.toFixed(2));
  set("longitude", place.longitude.toFixed(2));
  set("daily", "precipitation_sum,temperature_2m_max,temperature_2m_min");
  set("timezone", "auto");
  set("start_date", dateOf(from));
  set("end_date", dateOf(to));
  return address;
}

function dayWeather(answer: unknown): DayWeather[] {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new OutsideAnswerError(
      `answered in another shape: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
    );
  }
  const {
    time,
    precipitation_sum: rain,
    temperature_2m_max: warmth,
    temperature_2m_min: lowest,
  } = parsed.data.daily;
  return time.map((date, at) => {
    const [year, month, day] = date.split("-").map(Number) as [number, number, number];
    return {
      day: dayNumber(year, month, day),
      rainMm: rain[at] ?? null,
      temperatureC: warmth[at] ?? null,
      ...(lowest && { lowestC: lowest[at] ?? null }),
    };
  });
}

const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
