import { minutes, type CalendarDay } from "@almanac/kernel";
import { minutesOfWallTime } from "./calendar.ts";
import { wallTime } from "./order-windows.ts";

export interface SlotTimes {
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** How many orders can be picked up in it. */
  readonly capacityOrders: number;
}

export interface SlotPlan {
  readonly marketDay: CalendarDay;
  readonly timeZone: string;
  /** Wall-clock times at the market, "08:00". */
  readonly opensAt: string;
  readonly closesAt: string;
  readonly lengthMinutes: number;
  readonly capacityOrders: number;
}

/**
 * The pickup slots of a market day, one after another from opening to closing: 08:00 to 13:00 by the hour gives five. A
 * last slot that would run past closing ends at closing.
 *
 * Each start is taken from the wall clock, so on a day with a change of summer time slots still begin on the hour; a slot
 * inside the lost hour has no time to be in and is left out.
 *
 * @returns in order of time; empty when the market closes before it opens
 */
export function planPickupSlots(plan: SlotPlan): SlotTimes[] {
  const last = minutesOfWallTime(plan.closesAt);
  const slots: SlotTimes[] = [];
  for (let start = minutesOfWallTime(plan.opensAt); start < last; start += plan.lengthMinutes) {
    const startsAt = atMinute(plan, start);
    const endsAt = atMinute(plan, Math.min(start + plan.lengthMinutes, last));
    if (startsAt < endsAt && startsAt.getTime() !== slots.at(-1)?.startsAt.getTime()) {
      slots.push({ startsAt, endsAt, capacityOrders: plan.capacityOrders });
    }
  }
  return slots;
}

/** The same slots on another market day, by the wall clock. */
export function slotsOnDay(
  slots: readonly SlotTimes[],
  toWallTime: (at: Date) => string,
  day: CalendarDay,
  timeZone: string,
): SlotTimes[] {
  return slots.map((slot) => {
    const startsAt = wallTime(day, toWallTime(slot.startsAt), timeZone);
    const endsAt = wallTime(day, toWallTime(slot.endsAt), timeZone);
    const lengthMs = slot.endsAt.getTime() - slot.startsAt.getTime();
    return {
      startsAt,
      endsAt: endsAt > startsAt ? endsAt : new Date(startsAt.getTime() + Math.max(lengthMs, minutes(1))),
      capacityOrders: slot.capacityOrders,
    };
  });
}

function atMinute(plan: SlotPlan, minuteOfDay: number): Date {
  const time = `${pad(Math.floor(minuteOfDay / 60))}:${pad(minuteOfDay % 60)}`;
  return wallTime(plan.marketDay, time, plan.timeZone);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
