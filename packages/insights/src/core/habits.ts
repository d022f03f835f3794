/** What a page was looked at with, as the page itself tells. */
export const devices = ["phone", "tablet", "computer"] as const;
export type Device = (typeof devices)[number];

export const partsOfDay = ["night", "morning", "afternoon", "evening"] as const;
export type PartOfDay = (typeof partsOfDay)[number];

/** How often one shopper did something in a part of a day; `weekday` 1 is Monday, 7 Sunday. */
export interface HabitCount {
  readonly weekday: number;
  readonly part: PartOfDay;
  readonly device: Device | undefined;
  readonly acts: number;
}

/** When and with what a shopper comes: shares of what was done, each 0 to 1 and together 1, or all 0 where nothing is known. */
export interface Habits {
  readonly timePatterns: {
    /** From Monday to Sunday. */
    readonly weekdays: readonly number[];
    readonly partsOfDay: Readonly<Record<PartOfDay, number>>;
  };
  /** Of what came from a page that told its device. */
  readonly devicePreferences: Readonly<Record<Device, number>>;
}

/** @param counts of one shopper, in the time of the shopper's market */
export function habitsOf(counts: readonly HabitCount[]): Habits {
  const shareOf = (of: readonly HabitCount[], belongs: (count: HabitCount) => boolean): number => {
    const sum = (some: readonly HabitCount[]): number => some.reduce((total, { acts }) => total + acts, 0);
    const all = sum(of);
    return all === 0 ? 0 : sum(of.filter(belongs)) / all;
  };
  const told = counts.filter(({ device }) => device !== undefined);
  return {
    timePatterns: {
      weekdays: [1, 2, 3, 4, 5, 6, 7].map((day) => shareOf(counts, ({ weekday }) => weekday === day)),
      partsOfDay: sharesBy(partsOfDay, (name) => shareOf(counts, ({ part }) => part === name)),
    },
    devicePreferences: sharesBy(devices, (name) => shareOf(told, ({ device }) => device === name)),
  };
}

function sharesBy<Name extends string>(
  names: readonly Name[],
  share: (name: Name) => number,
): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name) => [name, share(name)])) as Record<Name, number>;
}
