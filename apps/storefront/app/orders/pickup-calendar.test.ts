import { describe, expect, it } from "vitest";
import { pickupCalendar } from "./pickup-calendar.ts";

const file = pickupCalendar({
  number: "A1042",
  marketName: "Riverside, by the bridge; east",
  farmNames: ["Hollow Oak", "Fern Bank", "Whey Street", "A farm with quite a long name indeed"],
  placedAt: "2025-08-13T13:00:00.000Z",
  startsAt: "2025-08-16T15:00:00.000Z",
  endsAt: "2025-08-16T16:00:00.000Z",
  url: "http://localhost:3000/orders/A1042",
});

describe("the pickup as a calendar file", () => {
  it("begins and ends in UTC", () => {
    expect(file).toContain("DTSTART:20250816T150000Z\r\n");
    expect(file).toContain("DTEND:20250816T160000Z\r\n");
  });

  it("escapes what has a meaning in the format and folds long lines", () => {
    expect(file).toContain("LOCATION:Riverside\\, by the bridge\\; east\r\n");
    expect(file.split("\r\n").every((line) => line.length <= 75)).toBe(true);
  });
});
