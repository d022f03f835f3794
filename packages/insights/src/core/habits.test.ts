import { describe, expect, it } from "vitest";
import { habitsOf, type HabitCount } from "./habits.ts";

const count = (weekday: number, part: HabitCount["part"], acts: number, device?: HabitCount["device"]) => ({
  weekday,
  part,
  acts,
  device,
});

describe("habits", () => {
  it("are shares of what was done by weekday, part of the day and device", () => {
    const { timePatterns, devicePreferences } = habitsOf([
      count(3, "evening", 6, "phone"),
      count(3, "morning", 1, "computer"),
      count(6, "morning", 3),
    ]);
    expect(timePatterns.weekdays).toEqual([0, 0, 0.7, 0, 0, 0.3, 0]);
    expect(timePatterns.partsOfDay).toEqual({ night: 0, morning: 0.4, afternoon: 0, evening: 0.6 });
    expect(devicePreferences).toEqual({ phone: 6 / 7, tablet: 0, computer: 1 / 7 });
  });

  it("are all 0 where nothing was done", () => {
    const { timePatterns, devicePreferences } = habitsOf([]);
    expect(new Set([...timePatterns.weekdays, ...Object.values(timePatterns.partsOfDay)])).toEqual(
      new Set([0]),
    );
    expect(devicePreferences).toEqual({ phone: 0, tablet: 0, computer: 0 });
  });
});
