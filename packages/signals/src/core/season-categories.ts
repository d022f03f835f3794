import type { CalendarDay, Season } from "@almanac/kernel";

/** The four-season map by category: what counts as in season when nobody has entered a harvest window. */
export const categoriesOfSeason: Readonly<Record<Season, readonly string[]>> = {
  SPRING: ["Vegetables", "Herbs", "Greens", "Berries"],
  SUMMER: ["Fruits", "Vegetables", "Berries", "Melons"],
  FALL: ["Root Vegetables", "Squash", "Apples", "Pumpkins"],
  WINTER: ["Root Vegetables", "Preserved", "Citrus", "Greens"],
};

/**
 * The season of a calendar day at a latitude: whole months, turned by half a year south of the equator. The day is the
 * market's own, so 1 March is spring there even while it is still February in UTC.
 *
 * @param latitude degrees, positive north
 */
export function seasonOfDay(day: CalendarDay, latitude: number): Season {
  const northern: readonly Season[] = ["WINTER", "SPRING", "SUMMER", "FALL"];
  const quarter = Math.floor((Number(day.slice(5, 7)) % 12) / 3);
  return northern[latitude < 0 ? (quarter + 2) % 4 : quarter]!;
}

/** True when the four-season map lists the category for that day and latitude; the case of letters does not matter. */
export function isCategoryInSeason(category: string, day: CalendarDay, latitude: number): boolean {
  const wanted = category.trim().toLowerCase();
  return categoriesOfSeason[seasonOfDay(day, latitude)].some((name) => name.toLowerCase() === wanted);
}
