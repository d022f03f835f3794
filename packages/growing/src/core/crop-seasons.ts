import type { Crop } from "./crops.ts";
import { frostFreeSpans, type Frosts, type Span } from "./place.ts";

/** When a crop can be sown, set out and harvested within one year's season, as day numbers. */
export interface CropSeason {
  readonly sow: Span;
  /** Absent for what is sown where it grows. */
  readonly transplant?: Span;
  readonly harvest: Span;
}

/** Times in which a crop may stand outside, of the year before, this one and the next. */
export function outsideSpans(crop: Crop, frosts: Frosts | undefined, around: number): Span[] {
  return frostFreeSpans(frosts, around).map(({ from, to }) => ({
    from: from + crop.outsideFromFrostDays,
    to: to + crop.lastHarvestFromFrostDays,
  }));
}

/**
 * The seasons of a crop that touch a year, from frost and maturity: the first sowing so that it may be outside in time, the
 * last so that a week of harvest is left before frost ends it.
 *
 * @returns empty where the season is too short for it; for a place without frost, nothing either, as it grows at any time
 */
export function cropSeasons(crop: Crop, frosts: Frosts | undefined, year: number): CropSeason[] {
  if (!frosts) return [];
  const around = Math.round(Date.UTC(year, 6, 1) / 86_400_000);
  const first = Math.round(Date.UTC(year, 0, 1) / 86_400_000);
  const last = Math.round(Date.UTC(year, 11, 31) / 86_400_000);
  return outsideSpans(crop, frosts, around).flatMap((outside): CropSeason[] => {
    const sowFrom = outside.from - crop.daysInTrays;
    const sowTo = outside.to - crop.daysToMaturity - Math.min(7, crop.harvestDays);
    if (sowTo < sowFrom || outside.to < first || sowFrom > last) return [];
    const harvest = { from: sowFrom + crop.daysToMaturity, to: outside.to };
    const sow = { from: sowFrom, to: sowTo };
    if (crop.daysInTrays === 0) return [{ sow, harvest }];
    return [{ sow, transplant: { from: outside.from, to: sowTo + crop.daysInTrays }, harvest }];
  });
}
