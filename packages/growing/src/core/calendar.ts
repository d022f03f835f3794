import type { CalendarDay } from "@almanac/kernel";
import type { CalendarEvent } from "./ical.ts";

export const entryKinds = ["sow", "transplant", "harvest", "season", "market", "orders", "holiday"] as const;
export type EntryKind = (typeof entryKinds)[number];

/** One line of a farm's calendar. */
export interface CalendarEntry {
  /** The same for the same thing, however often it is looked up. */
  readonly id: string;
  readonly kind: EntryKind;
  readonly title: string;
  readonly detail: string;
  /** Days at the market, both included. */
  readonly from: CalendarDay;
  readonly to: CalendarDay;
  /** For what has an hour. */
  readonly startsAt?: Date;
  readonly endsAt?: Date;
  /** Of a sowing. */
  readonly plantingId?: string;
  readonly revision: number;
  readonly changedAt: Date;
}

export interface PlantingFacts {
  readonly id: string;
  readonly name: string;
  readonly sowOn: CalendarDay;
  readonly transplantOn?: CalendarDay;
  readonly harvestFrom: CalendarDay;
  readonly harvestTo: CalendarDay;
  readonly seeds: number;
  readonly bedMetres: number;
  readonly note: string;
  readonly revision: number;
  readonly changedAt: Date;
}

/** The days of a sowing: when it goes into the ground or the tray, when out of the tray, when it is picked. */
export function plantingEntries({ id, name, note, ...planting }: PlantingFacts): CalendarEntry[] {
  const { revision, changedAt, seeds, bedMetres, sowOn, transplantOn, harvestFrom, harvestTo } = planting;
  const shared = { plantingId: id, revision, changedAt };
  const bed = `${Math.round(bedMetres * 10) / 10} m of bed`;
  const more = note === "" ? "" : `. ${note}`;
  const where = transplantOn ? " in trays" : "";
  return [
    {
      ...shared,
      id: `sow-${id}`,
      kind: "sow",
      title: `Sow ${name}${where}`,
      detail: `${seeds} seeds${transplantOn ? "" : `, ${bed}`}${more}`,
      from: sowOn,
      to: sowOn,
    },
    ...(transplantOn
      ? [
          {
            ...shared,
            id: `transplant-${id}`,
            kind: "transplant" as const,
            title: `Set out ${name}`,
            detail: `${bed}${more}`,
            from: transplantOn,
            to: transplantOn,
          },
        ]
      : []),
    {
      ...shared,
      id: `harvest-${id}`,
      kind: "harvest",
      title: `Harvest ${name}`,
      detail: `sown on ${sowOn}${more}`,
      from: harvestFrom,
      to: harvestTo,
    },
  ];
}

/** What overlaps a time, in order: by first day, then by kind as in `entryKinds`, then by title. */
export function within(
  entries: readonly CalendarEntry[],
  from: CalendarDay,
  to: CalendarDay,
): CalendarEntry[] {
  return entries
    .filter((entry) => entry.from <= to && entry.to >= from)
    .sort(
      (a, b) =>
        (a.from < b.from ? -1 : a.from > b.from ? 1 : 0) ||
        entryKinds.indexOf(a.kind) - entryKinds.indexOf(b.kind) ||
        (a.title < b.title ? -1 : 1),
    );
}

const categories: Readonly<Record<EntryKind, string>> = {
  sow: "Sowing",
  transplant: "Setting out",
  harvest: "Harvest",
  season: "Season",
  market: "Market day",
  orders: "Orders",
  holiday: "Holiday",
};

/** The entry as other calendars take it. */
export function toEvent({
  id,
  title,
  detail,
  kind,
  from,
  to,
  startsAt,
  endsAt,
  ...rest
}: CalendarEntry): CalendarEvent {
  return {
    uid: `${id}@almanac`,
    title,
    ...(detail && { description: detail }),
    category: categories[kind],
    when: startsAt && endsAt ? { startsAt, endsAt } : { from, to },
    revision: rest.revision,
    changedAt: rest.changedAt,
  };
}
