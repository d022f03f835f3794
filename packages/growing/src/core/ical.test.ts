import ICAL from "ical.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folded, writeCalendar, type CalendarEvent } from "./ical.ts";

const head = { name: "Hollow Oak, growing", timeZone: "America/New_York" };
const changedAt = new Date("2026-03-01T12:00:00Z");
const sowing: CalendarEvent = {
  uid: "sow-1@almanac",
  title: "Sow lettuce; 63 seeds, bed 4\\5",
  description: "Line one\nLine two with an umlaut ü and a leaf 🌱",
  when: { from: "2026-05-22", to: "2026-05-22" },
  revision: 2,
  changedAt,
};
const market: CalendarEvent = {
  uid: "market-1@almanac",
  title: "Riverside market",
  when: { startsAt: new Date("2026-05-23T12:00:00Z"), endsAt: new Date("2026-05-23T17:00:00Z") },
  revision: 0,
  changedAt,
};

const read = (text: string) =>
  new ICAL.Component(ICAL.parse(text) as never)
    .getAllSubcomponents("vevent")
    .map((one) => new ICAL.Event(one));

describe("a calendar to subscribe to", () => {
  it("is read back by another program as it was meant", () => {
    const [day, times] = read(writeCalendar(head, [sowing, market]));
    expect(day).toMatchObject({
      uid: sowing.uid,
      summary: sowing.title,
      description: sowing.description,
      sequence: 2,
    });
    expect([day!.startDate.isDate, day!.startDate.toString(), day!.endDate.toString()]).toEqual([
      true,
      "2026-05-22",
      "2026-05-23",
    ]);
    expect(times!.startDate.toJSDate().toISOString()).toBe("2026-05-23T12:00:00.000Z");
    expect(times!.endDate.toJSDate().toISOString()).toBe("2026-05-23T17:00:00.000Z");
  });

  it("gives what happens at one moment no end, as an end must be later than its start", () => {
    const at = new Date("2026-05-22T00:00:00Z");
    const text = writeCalendar(head, [{ ...market, uid: "closes", when: { startsAt: at, endsAt: at } }]);
    expect(text).toContain("DTSTART:20260522T000000Z\r\n");
    expect(text).not.toContain("DTEND");
    expect(text).toContain("TRANSP:TRANSPARENT");
    expect(read(text)[0]!.startDate.toJSDate()).toEqual(at);
  });

  it("ends its lines with CRLF, none longer than 75 octets, and is the same each time", () => {
    const text = writeCalendar(head, [sowing, market]);
    expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
    for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    expect(writeCalendar(head, [sowing, market])).toBe(text);
  });

  it("carries any text there and back, never breaking a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const plain = Array.from(text)
          .filter((character) => character >= " " && character !== "\u007f")
          .join("");
        const [event] = read(writeCalendar(head, [{ ...sowing, title: plain, description: `x${plain}` }]));
        expect(event!.summary ?? "").toBe(plain);
        expect(event!.description).toBe(`x${plain}`);
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it("cannot be given lines of its own by a text", () => {
    const [event, none] = read(
      writeCalendar(head, [{ ...sowing, title: "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil" }]),
    );
    expect(none).toBeUndefined();
    expect(event!.summary).toContain("evil");
  });

  it("folds between characters", () => {
    expect(folded("a".repeat(75))).toBe("a".repeat(75));
    expect(folded("a".repeat(76))).toBe(`${"a".repeat(75)}\r\n a`);
    expect(folded(`${"a".repeat(74)}ü`)).toBe(`${"a".repeat(74)}\r\n ü`);
  });
});
