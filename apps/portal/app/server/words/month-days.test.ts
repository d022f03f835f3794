import { describe, expect, it } from "vitest";
import { monthDayInWords, readMonthDay } from "./month-days.ts";

describe("a day of every year", () => {
  it("is written in words", () => {
    expect(monthDayInWords("07-15")).toBe("15 July");
    expect(monthDayInWords("12-01")).toBe("1 December");
  });

  it.each(["15 July", "July 15", "15 jul", "15. July", "15th of July", " 15  JULY ", "07-15"])(
    "is read as people write it: %s",
    (typed) => expect(readMonthDay(typed)).toBe("07-15"),
  );

  it("is read back from its own words, on each day of a year", () => {
    for (let day = 0; day < 366; day++) {
      const monthDay = new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(5, 10);
      expect(readMonthDay(monthDayInWords(monthDay))).toBe(monthDay);
    }
  });

  it.each(["", "July", "15", "31 June", "30 February", "0 May", "13-01", "15 ju", "15 July 2025", "soon"])(
    "is not guessed from %j",
    (typed) => expect(readMonthDay(typed)).toBeUndefined(),
  );
});
