import { describe, expect, it } from "vitest";
import { wallTimeOf } from "./order-windows.ts";
import { planPickupSlots, slotsOnDay } from "./pickup-slots.ts";

const newYork = "America/New_York";
const saturday = {
  marketDay: "2025-08-16",
  timeZone: newYork,
  opensAt: "08:00",
  closesAt: "13:00",
  lengthMinutes: 60,
  capacityOrders: 40,
};
const starts = (plan: typeof saturday) =>
  planPickupSlots(plan).map((slot) => wallTimeOf(slot.startsAt, plan.timeZone));

describe("pickup slots of a market day", () => {
  it("run by the hour from 08:00 to 12:00, 40 orders each", () => {
    const slots = planPickupSlots(saturday);
    expect(starts(saturday)).toEqual(["08:00", "09:00", "10:00", "11:00", "12:00"]);
    expect(slots[0]?.startsAt.toISOString()).toBe("2025-08-16T12:00:00.000Z");
    expect(slots.every((slot) => slot.capacityOrders === 40)).toBe(true);
  });

  it("follow each other without a gap, and the last ends at closing", () => {
    const slots = planPickupSlots({ ...saturday, lengthMinutes: 45 });
    for (const [index, slot] of slots.slice(1).entries()) expect(slot.startsAt).toEqual(slots[index]?.endsAt);
    expect(slots.at(-1)?.endsAt.toISOString()).toBe("2025-08-16T17:00:00.000Z");
  });

  it("are none when the market closes before it opens", () => {
    expect(planPickupSlots({ ...saturday, opensAt: "13:00", closesAt: "08:00" })).toEqual([]);
  });

  it("leave out the hour that summer time takes", () => {
    const night = { ...saturday, marketDay: "2025-03-09", opensAt: "01:00", closesAt: "05:00" };
    expect(starts(night)).toEqual(["01:00", "03:00", "04:00"]);
  });

  it("keep their wall-clock times on another day across the change to winter time", () => {
    const again = slotsOnDay(
      planPickupSlots(saturday),
      (at) => wallTimeOf(at, newYork),
      "2025-11-08",
      newYork,
    );
    expect(again.map((slot) => slot.startsAt.toISOString())[0]).toBe("2025-11-08T13:00:00.000Z");
    expect(again).toHaveLength(5);
  });
});
