import { describe, expect, it } from "vitest";
import { calendarFile, escapeText, foldLine } from "./calendar.ts";

describe("a calendar file", () => {
  const event = {
    uid: "order-A-1@almanac",
    startsAt: new Date("2025-08-16T15:00:00Z"),
    endsAt: new Date("2025-08-16T16:00:00Z"),
    summary: "Pickup; bring a bag, please",
  };
  const stampedAt = new Date("2025-08-13T13:00:00.123Z");

  it("has one event in UTC, every line ended by CRLF", () => {
    expect(calendarFile(event, { stampedAt })).toBe(
      [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Almanac//Pickup//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:order-A-1@almanac",
        "SEQUENCE:0",
        "DTSTAMP:20250813T130000Z",
        "DTSTART:20250816T150000Z",
        "DTEND:20250816T160000Z",
        "SUMMARY:Pickup\\; bring a bag\\, please",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
      ].join("\r\n"),
    );
  });

  it("takes the event back when it is cancelled, under the same id and a higher sequence", () => {
    const file = calendarFile({ ...event, sequence: 2, isCancelled: true }, { stampedAt });
    expect(file).toContain("UID:order-A-1@almanac\r\nSEQUENCE:2\r\n");
    expect(file).toContain("STATUS:CANCELLED\r\n");
  });

  it.each([
    ["a;b,c\\d", "a\\;b\\,c\\\\d"],
    ["two\r\nlines\nthree\rfour", "two\\nlines\\nthree\\nfour"],
    ["bell\u0007 and null\u0000", "bell and null"],
  ])("escapes %j", (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  it("does not let a typed name add a line of its own", () => {
    const file = calendarFile({ ...event, summary: "x\r\nATTACH:file:///etc/passwd" }, { stampedAt });
    expect(file.split("\r\n").filter((line) => line.startsWith("ATTACH"))).toEqual([]);
  });

  it("folds at 75 octets without cutting a character, and unfolds to what it was", () => {
    const line = `SUMMARY:${"käse 🧀 ".repeat(40)}`;
    const folded = foldLine(line);
    for (const part of folded.split("\r\n")) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(75);
    expect(folded.replaceAll("\r\n ", "")).toBe(line);
    expect(folded).not.toContain("\ufffd");
    expect(foldLine("a".repeat(75))).toBe("a".repeat(75));
    expect(foldLine("a".repeat(76))).toBe(`${"a".repeat(75)}\r\n a`);
  });
});
