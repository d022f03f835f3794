import {
  addCalendarDays,
  AppError,
  atMarketTime,
  formatCents,
  type CalendarDay,
  type Cents,
} from "@almanac/kernel";

/** Days at the market on which a price is asked, both included; without a last one it stays. */
export interface PlanDays {
  readonly fromDay: CalendarDay;
  readonly toDay: CalendarDay | null;
}

/** The same as moments, the last one excluded. */
export interface PlanTimes {
  readonly startsAt: Date;
  readonly endsAt: Date | null;
}

/** So far ahead a price is planned, and for so long. */
export const planReachDays = 366;

/**
 * When a plan takes effect and when it is over: at midnight at the market, on days on which the clock is changed too.
 *
 * @throws AppError `input_invalid` for days that are over, more than a year ahead or in the wrong order
 */
export function planTimes({ fromDay, toDay }: PlanDays, today: CalendarDay, timeZone: string): PlanTimes {
  const furthest = addCalendarDays(today, planReachDays);
  if (fromDay < today) throw wrong("fromDay", "A price is planned from today on.");
  if (fromDay > furthest) throw wrong("fromDay", "A price is planned for the coming year.");
  if (toDay !== null && toDay < fromDay) throw wrong("toDay", "It ends before it begins.");
  if (toDay !== null && toDay > addCalendarDays(fromDay, planReachDays))
    throw wrong("toDay", "A price is planned for a year at most.");
  const midnight = (day: CalendarDay): Date => atMarketTime(day, 0, 0, timeZone);
  return { startsAt: midnight(fromDay), endsAt: toDay === null ? null : midnight(addCalendarDays(toDay, 1)) };
}

/**
 * Whether two plans for the same thing are in each other's way. A price that stays is a change at one moment: it may not fall
 * into days for which another is planned, as the end of those would undo it.
 */
export function overlap(one: PlanTimes, other: PlanTimes): boolean {
  if (one.endsAt === null && other.endsAt === null)
    return one.startsAt.getTime() === other.startsAt.getTime();
  if (one.endsAt === null) return other.startsAt <= one.startsAt && one.startsAt < other.endsAt!;
  if (other.endsAt === null) return overlap(other, one);
  return one.startsAt < other.endsAt && other.startsAt < one.endsAt;
}

/** "Two for 9": so many units, and what they cost together. */
export interface Promotion {
  readonly units: number;
  readonly totalCents: Cents;
}

/** What one unit of a promotion comes to, down to the cent: nobody pays more than what it says. */
export function promotionPrice({ units, totalCents }: Promotion): Cents {
  return Math.floor(totalCents / units);
}

/** "2 for 9.00" */
export function promotionWords({ units, totalCents }: Promotion): string {
  return `${units} for ${formatCents(totalCents)}`;
}

/** What has to happen to a plan at a moment. */
export type PlanStep = "start" | "end" | "miss" | "call off" | "nothing";

/**
 * What is due of a plan: it starts late where nobody was there in time, and is missed where all of its days went by so. What is for a
 * market day that does not take place is called off at once.
 *
 * @param status as it is stored
 */
export function stepDue(
  {
    status,
    startsAt,
    endsAt,
    isCalledOff = false,
  }: PlanTimes & { readonly status: "planned" | "running"; readonly isCalledOff?: boolean },
  now: Date,
): PlanStep {
  if (isCalledOff) return "call off";
  const isOver = endsAt !== null && endsAt <= now;
  if (status === "running") return isOver ? "end" : "nothing";
  if (startsAt > now) return "nothing";
  return isOver ? "miss" : "start";
}

function wrong(field: string, message: string): AppError {
  return new AppError("input_invalid", message, { details: { field } });
}
