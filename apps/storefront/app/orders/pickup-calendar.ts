export interface Pickup {
  readonly number: string;
  readonly marketName: string;
  readonly farmNames: readonly string[];
  /** ISO moments. */
  readonly placedAt: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly url: string;
}

/** An iCalendar file (RFC 5545) with one event, lines ended and folded as the format asks. */
export function pickupCalendar(pickup: Pickup): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Almanac//Pickup//EN",
    "BEGIN:VEVENT",
    `UID:order-${pickup.number}@almanac`,
    `DTSTAMP:${utc(pickup.placedAt)}`,
    `DTSTART:${utc(pickup.startsAt)}`,
    `DTEND:${utc(pickup.endsAt)}`,
    `SUMMARY:${escapeText(`Collect order ${pickup.number}`)}`,
    `LOCATION:${escapeText(pickup.marketName)}`,
    `DESCRIPTION:${escapeText(`From ${pickup.farmNames.join(", ")}`)}`,
    `URL:${pickup.url}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.flatMap(fold).join("\r\n")}\r\n`;
}

function utc(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll("\n", "\\n");
}

/** At most 75 octets to a line; letters of several octets are counted as four. */
function fold(line: string): string[] {
  const parts: string[] = [];
  let part = "";
  let octets = 0;
  for (const letter of line) {
    const size = letter.codePointAt(0)! < 128 ? 1 : 4;
    if (octets + size > 73) {
      parts.push(part);
      part = " ";
      octets = 1;
    }
    part += letter;
    octets += size;
  }
  return [...parts, part];
}
