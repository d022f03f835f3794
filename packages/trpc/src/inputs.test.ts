import { describe, expect, it } from "vitest";
import { dayInput, momentInput, seqCursorInput } from "./inputs.ts";

const takes = (schema: typeof dayInput | typeof momentInput | typeof seqCursorInput, text: string): boolean =>
  schema.safeParse(text).success;

describe("an input of", () => {
  it("a day is one of this or the next century: no database keeps the year 0", () => {
    expect(["2000-01-01", "2024-02-29", "2199-12-31"].filter((text) => !takes(dayInput, text))).toEqual([]);
    const refused = [
      "0000-01-01",
      "0001-01-01",
      "1999-12-31",
      "2025-02-29",
      "2200-01-01",
      "9999-12-31",
      "today",
    ];
    expect(refused.filter((text) => takes(dayInput, text))).toEqual([]);
  });

  it("a moment is one of these years in UTC, also where its offset moves it out of them", () => {
    expect(momentInput.parse("2025-08-16T08:00:00+02:00")).toEqual(new Date("2025-08-16T06:00:00Z"));
    const refused = [
      "0000-01-01T00:00:00Z",
      "9999-12-31T23:59:59-23:59",
      "2000-01-01T00:00:00+14:00",
      "2199-12-31T23:00:00-02:00",
      "2025-08-16",
    ];
    expect(refused.filter((text) => takes(momentInput, text))).toEqual([]);
  });

  it("a numbered place in a list is a number that a database can count to", () => {
    expect(["0", "17", "999999999999999"].filter((text) => !takes(seqCursorInput, text))).toEqual([]);
    const refused = ["", "-1", "1e9", "x", "99999999999999999999"];
    expect(refused.filter((text) => takes(seqCursorInput, text))).toEqual([]);
  });
});
