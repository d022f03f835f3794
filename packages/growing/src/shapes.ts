import type { CalendarEntry } from "./core/calendar.ts";
import type { FarmPlan } from "./planning.ts";

/** Moments are ISO texts in UTC. */
export function presentEntry({ startsAt, endsAt, changedAt: _changedAt, ...entry }: CalendarEntry) {
  return {
    ...entry,
    startsAt: startsAt?.toISOString() ?? null,
    endsAt: endsAt?.toISOString() ?? null,
    plantingId: entry.plantingId ?? null,
  };
}

export function presentPlan({ crop, sowings, weeks, ...plan }: FarmPlan) {
  return {
    ...plan,
    crop,
    sowings: sowings.map((sowing) => ({ ...sowing, transplantOn: sowing.transplantOn ?? null })),
    weeks: weeks.map((week) => ({ ...week, gap: week.gap ?? null })),
    seeds: sowings.reduce((sum, { seeds }) => sum + seeds, 0),
  };
}
