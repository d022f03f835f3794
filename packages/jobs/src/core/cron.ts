import { InvariantError } from "@almanac/kernel";
import { DateTime } from "luxon";

/** When a schedule fires: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday). */
export interface Cron {
  readonly text: string;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Cron's old rule: when both day fields are limited, either is enough. */
  readonly isEitherDay: boolean;
}

/**
 * Reads a five-field cron expression: numbers, `*`, lists, ranges and steps.
 *
 * @throws InvariantError when it is none: schedules are written in code
 */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (fields.length !== 5) throw new InvariantError(`"${text}" has not five fields`);
  const weekdays = parseField(weekday!, 0, 7, text);
  return {
    text,
    minutes: parseField(minute!, 0, 59, text),
    hours: parseField(hour!, 0, 23, text),
    days: parseField(day!, 1, 31, text),
    months: parseField(month!, 1, 12, text),
    // luxon's Sunday is 7.
    weekdays: new Set([...weekdays].map((n) => (n === 0 ? 7 : n))),
    isEitherDay: day !== "*" && weekday !== "*",
  };
}

function parseField(field: string, min: number, max: number, text: string): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) throw new InvariantError(`"${part}" in "${text}" is no cron field`);
    const [, from, to, every] = match;
    const start = from === undefined ? min : Number(from);
    const end = to !== undefined ? Number(to) : from === undefined || every !== undefined ? max : start;
    const step = every === undefined ? 1 : Number(every);
    if (start < min || end > max || start > end || step < 1) {
      throw new InvariantError(`"${part}" in "${text}" is outside ${min}-${max}`);
    }
    for (let value = start; value <= end; value += step) values.add(value);
  }
  return values;
}

/** How far a tick is looked for before the schedule counts as never firing. */
const horizonDays = 400;

/**
 * The last moment at or before `until`, and after `after`, at which the schedule fires on the clock of that time zone. An
 * hour that the clocks go through twice fires once; one that they skip does not fire, so prefer times outside 00:00-03:59.
 */
export function latestTick(cron: Cron, timeZone: string, after: Date, until: Date): Date | undefined {
  let at = DateTime.fromJSDate(until, { zone: timeZone }).startOf("minute");
  const oldest = Math.max(after.getTime(), at.minus({ days: horizonDays }).toMillis());
  while (at.toMillis() > oldest) {
    if (!isOnDay(cron, at)) at = at.startOf("day").minus({ minutes: 1 });
    else if (!cron.hours.has(at.hour)) at = at.startOf("hour").minus({ minutes: 1 });
    else if (cron.minutes.has(at.minute) && !isSecondPass(cron, at)) return at.toJSDate();
    else at = at.minus({ minutes: 1 });
  }
  return undefined;
}

/** The first moment after `after` at which the schedule fires; `undefined` when it never does. */
export function nextTick(cron: Cron, timeZone: string, after: Date): Date | undefined {
  let at = DateTime.fromJSDate(after, { zone: timeZone }).startOf("minute").plus({ minutes: 1 });
  const newest = at.plus({ days: horizonDays });
  while (at < newest) {
    if (!isOnDay(cron, at)) at = at.startOf("day").plus({ days: 1 });
    else if (!cron.hours.has(at.hour)) at = at.startOf("hour").plus({ hours: 1 });
    else if (cron.minutes.has(at.minute) && !isSecondPass(cron, at)) return at.toJSDate();
    else at = at.plus({ minutes: 1 });
  }
  return undefined;
}

function isOnDay(cron: Cron, at: DateTime): boolean {
  if (!cron.months.has(at.month)) return false;
  const isDay = cron.days.has(at.day);
  const isWeekday = cron.weekdays.has(at.weekday);
  return cron.isEitherDay ? isDay || isWeekday : isDay && isWeekday;
}

/** Whether the wall clock showed this time an hour ago already; schedules of every hour fire all the same. */
function isSecondPass(cron: Cron, at: DateTime): boolean {
  return cron.hours.size < 24 && at.minus({ hours: 1 }).hour === at.hour;
}
