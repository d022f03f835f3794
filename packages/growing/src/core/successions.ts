import type { CalendarDay } from "@almanac/kernel";
import { metresPerPlant, type Crop } from "./crops.ts";
import { outsideSpans } from "./crop-seasons.ts";
import { dayNumber, dayOfNumber, mondayOf } from "./day-numbers.ts";
import type { Frosts } from "./place.ts";

export interface WeekDemand {
  /** Its Monday. */
  readonly week: CalendarDay;
  /** Base units wanted that week. */
  readonly base: number;
}

/** What stands in a farm's beds already. */
export interface Standing {
  /** From the day it is outside to its last harvest. */
  readonly from: CalendarDay;
  readonly to: CalendarDay;
  readonly bedMetres: number;
}

export interface SuccessionQuestion {
  readonly crop: Crop;
  readonly frosts: Frosts | undefined;
  /** In order, a week each. */
  readonly demand: readonly WeekDemand[];
  readonly today: CalendarDay;
  /** Metres of bed in all; no limit when absent. */
  readonly bedMetres?: number;
  readonly standing?: readonly Standing[];
  /** What earlier sowings will give, in base units by week. */
  readonly supplied?: ReadonlyMap<CalendarDay, number>;
}

export interface Sowing {
  readonly sowOn: CalendarDay;
  readonly transplantOn?: CalendarDay;
  readonly harvestFrom: CalendarDay;
  readonly harvestTo: CalendarDay;
  readonly seeds: number;
  readonly plants: number;
  readonly bedMetres: number;
}

/** `past`: it should have been sown already; `early` and `late`: frost; `beds`: no room. */
export type GapReason = "past" | "early" | "late" | "beds";

export interface PlanWeek {
  readonly week: CalendarDay;
  readonly wantedBase: number;
  readonly suppliedBase: number;
  readonly gap?: { readonly reason: GapReason; readonly missingBase: number };
}

export interface SuccessionPlan {
  readonly sowings: readonly Sowing[];
  readonly weeks: readonly PlanWeek[];
  /** The most metres of bed that its sowings take at one time. */
  readonly peakBedMetres: number;
}

/**
 * Sowings that give what is wanted in each week, planned back from its Monday: demand over yield makes plants, over
 * germination seeds, less days to maturity the day to sow. A sowing that is picked for several weeks gives an equal part in
 * each, and later weeks ask only for what it leaves open. What cannot be had is a gap with its reason: nothing is sown
 * yesterday, outside too early or so late that frost ends it within a week, or where no bed is free.
 *
 * 50 heads a week at 45 days and 80 % germination: 63 seeds 45 days before, each week.
 */
export function planSuccessions(question: SuccessionQuestion): SuccessionPlan {
  const { crop, demand, today, bedMetres = Infinity } = question;
  const beds = bedBook(question.standing ?? []);
  const supply = new Map(question.supplied);
  const sowings: Sowing[] = [];
  const own = bedBook([]);
  const weeks = demand.map(({ week, base }): PlanWeek => {
    const missing = base - (supply.get(week) ?? 0);
    let reason: GapReason | undefined;
    if (missing > tiny) {
      const possible = datesFor(dayNumber(week), crop, question.frosts, dayNumber(today));
      if (typeof possible === "string") reason = possible;
      else {
        const free = Math.max(0, bedMetres - beds.peak(possible.outside, possible.harvestTo));
        const plants = plantsFor(missing, crop, free);
        if (plants > 0) {
          const sowing = sowingOf(crop, possible, plants);
          beds.add(possible.outside, possible.harvestTo, sowing.bedMetres);
          own.add(possible.outside, possible.harvestTo, sowing.bedMetres);
          sowings.push(sowing);
          const aWeek = (plants * crop.yieldBasePerPlant) / weeksOf(crop);
          for (let at = 0; at < possible.weeks; at++) {
            const day = dayOfNumber(dayNumber(week) + 7 * at);
            supply.set(day, (supply.get(day) ?? 0) + aWeek);
          }
        }
        if (base - (supply.get(week) ?? 0) > tiny) reason = "beds";
      }
    }
    const suppliedBase = supply.get(week) ?? 0;
    const gap = reason && { reason, missingBase: Math.max(0, base - suppliedBase) };
    return { week, wantedBase: base, suppliedBase, ...(gap && { gap }) };
  });
  return { sowings, weeks, peakBedMetres: own.peak(-Infinity, Infinity) };
}

const tiny = 1e-6;

/** Weeks over which a whole harvest is picked. */
export function weeksOf({ harvestDays }: Pick<Crop, "harvestDays">): number {
  return Math.max(1, Math.ceil(harvestDays / 7));
}

interface Dates {
  readonly sowOn: number;
  readonly outside: number;
  readonly harvestFrom: number;
  readonly harvestTo: number;
  /** Weeks of harvest before frost ends it. */
  readonly weeks: number;
}

function datesFor(
  harvestFrom: number,
  crop: Crop,
  frosts: Frosts | undefined,
  today: number,
): Dates | Exclude<GapReason, "beds"> {
  const sowOn = harvestFrom - crop.daysToMaturity;
  const outside = sowOn + crop.daysInTrays;
  const whole = harvestFrom + crop.harvestDays - 1;
  const spans = outsideSpans(crop, frosts, harvestFrom);
  const fits = spans.find(
    ({ from, to }) => from <= outside && harvestFrom + Math.min(7, crop.harvestDays) - 1 <= to,
  );
  if (!fits) {
    // It would be outside before the season whose harvest it is for begins, or be picked after it has ended.
    return spans.some(({ from, to }) => outside < from && harvestFrom <= to && from <= harvestFrom)
      ? "early"
      : "late";
  }
  if (sowOn < today) return "past";
  const harvestTo = Math.min(whole, fits.to);
  const weeks = Math.min(weeksOf(crop), Math.max(1, Math.floor((harvestTo - harvestFrom + 1) / 7)));
  return { sowOn, outside, harvestFrom, harvestTo, weeks };
}

/** As many as are needed in this week, or as many as there is room for. */
function plantsFor(missingBase: number, crop: Crop, freeMetres: number): number {
  const needed = Math.ceil((missingBase * weeksOf(crop)) / crop.yieldBasePerPlant - tiny);
  const room = freeMetres === Infinity ? needed : Math.floor(freeMetres / metresPerPlant(crop) + tiny);
  return Math.min(needed, room);
}

function sowingOf(crop: Crop, { sowOn, outside, harvestFrom, harvestTo }: Dates, plants: number): Sowing {
  return {
    sowOn: dayOfNumber(sowOn),
    ...(crop.daysInTrays > 0 && { transplantOn: dayOfNumber(outside) }),
    harvestFrom: dayOfNumber(harvestFrom),
    harvestTo: dayOfNumber(harvestTo),
    seeds: seedsFor(plants, crop),
    plants,
    bedMetres: plants * metresPerPlant(crop),
  };
}

/** Seeds of which that many come up: 63 for 50 at 80 %. */
export function seedsFor(plants: number, { germinationPercent }: Pick<Crop, "germinationPercent">): number {
  return Math.ceil((plants * 100) / germinationPercent - tiny);
}

interface Taken {
  readonly from: number;
  readonly to: number;
  readonly metres: number;
}

function bedBook(standing: readonly Standing[]) {
  const taken: Taken[] = standing.map(({ from, to, bedMetres }) => ({
    from: dayNumber(from),
    to: dayNumber(to),
    metres: bedMetres,
  }));
  return {
    add: (from: number, to: number, metres: number): void => void taken.push({ from, to, metres }),
    /** The most that is taken on one day of a time. It can only rise where something begins. */
    peak(from: number, to: number): number {
      const overlapping = taken.filter((one) => one.from <= to && one.to >= from);
      return Math.max(
        0,
        ...overlapping.map(({ from: begins }) => {
          const day = Math.max(begins, from);
          return overlapping.reduce(
            (sum, one) => (one.from <= day && one.to >= day ? sum + one.metres : sum),
            0,
          );
        }),
      );
    },
  };
}

/** What a sowing that stands already gives, in base units by week. */
export function supplyOf(
  { harvestFrom, harvestTo, seeds }: Pick<Sowing, "harvestFrom" | "harvestTo" | "seeds">,
  crop: Crop,
): Map<CalendarDay, number> {
  const plants = Math.floor((seeds * crop.germinationPercent) / 100 + tiny);
  const from = dayNumber(harvestFrom);
  const monday = mondayOf(from);
  const weeks = Math.max(1, Math.min(weeksOf(crop), Math.floor((dayNumber(harvestTo) - from + 1) / 7)));
  const aWeek = (plants * crop.yieldBasePerPlant) / weeksOf(crop);
  return new Map(Array.from({ length: weeks }, (_, at) => [dayOfNumber(monday + 7 * at), aWeek]));
}
