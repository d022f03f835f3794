import type { CalendarDay } from "@almanac/kernel";

export interface CalendarEvent {
  /** The same for the same thing, whenever it is written: a calendar then moves it instead of adding it. */
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly category?: string;
  /** Whole days, both included; or two moments. */
  readonly when:
    | { readonly from: CalendarDay; readonly to: CalendarDay }
    | { readonly startsAt: Date; readonly endsAt: Date };
  /** Raised with each change. */
  readonly revision: number;
  readonly changedAt: Date;
}

export interface CalendarHead {
  readonly name: string;
  /** Shown by calendars that ask for one; all moments are written in UTC. */
  readonly timeZone: string;
}

/**
 * A calendar that others can subscribe to (RFC 5545): lines end in CRLF and are folded at 75 octets, never within a
 * character; texts are escaped; whole days are dates without a zone and end on the day after; moments are in UTC, so that no
 * reader needs the rules of a zone. The same events give the same text.
 */
export function writeCalendar({ name, timeZone }: CalendarHead, events: readonly CalendarEvent[]): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Almanac//Growing calendar//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    `X-WR-TIMEZONE:${escaped(timeZone)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    "X-PUBLISHED-TTL:PT6H",
    ...events.flatMap(eventLines),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

function eventLines({
  uid,
  title,
  description,
  category,
  when,
  revision,
  changedAt,
}: CalendarEvent): string[] {
  const isDays = "from" in when;
  // An end must be later than its start (RFC 5545, 3.8.2.2); without one the event is of that moment.
  const isMoment = !isDays && when.endsAt <= when.startsAt;
  return [
    "BEGIN:VEVENT",
    `UID:${escaped(uid)}`,
    `DTSTAMP:${moment(changedAt)}`,
    `LAST-MODIFIED:${moment(changedAt)}`,
    `SEQUENCE:${revision}`,
    ...(isDays
      ? [`DTSTART;VALUE=DATE:${date(when.from)}`, `DTEND;VALUE=DATE:${date(dayAfter(when.to))}`]
      : [`DTSTART:${moment(when.startsAt)}`, ...(isMoment ? [] : [`DTEND:${moment(when.endsAt)}`])]),
    `SUMMARY:${escaped(title)}`,
    ...(description ? [`DESCRIPTION:${escaped(description)}`] : []),
    ...(category ? [`CATEGORIES:${escaped(category)}`] : []),
    // Days of sowing do not make anybody busy, nor does a moment.
    `TRANSP:${isDays || isMoment ? "TRANSPARENT" : "OPAQUE"}`,
    "END:VEVENT",
  ];
}

/** Backslash, semicolon, comma and line break (RFC 5545, 3.3.11); other control characters cannot be told and are left out. */
export function escaped(text: string): string {
  return Array.from(text.replaceAll("\r\n", "\n"))
    .map((character) => {
      if (character === "\\" || character === ";" || character === ",") return `\\${character}`;
      if (character === "\n" || character === "\r") return "\\n";
      return character < " " || character === "\u007f" ? "" : character;
    })
    .join("");
}

const encoder = new TextEncoder();

/** At most 75 octets a line; what goes on begins with a space (RFC 5545, 3.1). */
export function folded(line: string): string {
  let out = "";
  let octets = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (octets + size > 75) {
      out += "\r\n ";
      octets = 1;
    }
    out += character;
    octets += size;
  }
  return out;
}

function moment(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

function date(day: CalendarDay): string {
  return day.replaceAll("-", "");
}

function dayAfter(day: CalendarDay): CalendarDay {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
