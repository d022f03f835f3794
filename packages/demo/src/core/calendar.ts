import { addCalendarDays, atMarketTime, idFromName, marketDay, weekdayAt } from "@almanac/kernel";
import type { WorldMarket, WorldMarketDay, WorldSlot } from "./model.ts";

/** Market days from `daysBack` days ago until four weeks ahead, oldest first; none while the market rests. */
export function marketDaysOf(market: WorldMarket, now: Date, daysBack: number): WorldMarketDay[] {
  const { timeZone, weekday, rests } = market.seed;
  const today = marketDay(now, timeZone);
  const days: WorldMarketDay[] = [];
  for (let offset = -daysBack; offset <= 28; offset++) {
    const day = addCalendarDays(today, offset);
    if (rests && isWithinYear(day.slice(5), rests)) continue;
    if (weekdayAt(atMarketTime(day, 12, 0, timeZone), timeZone) === weekday)
      days.push(toMarketDay(market, day));
  }
  return days;
}

/** Whether a day of the year, "01-15", is within two others; they may lie on both sides of New Year. */
function isWithinYear(day: string, [from, to]: readonly [string, string]): boolean {
  return from <= to ? day >= from && day <= to : day >= from || day <= to;
}

function toMarketDay(market: WorldMarket, day: string): WorldMarketDay {
  const { seed } = market;
  const closingDay = addCalendarDays(day, -seed.closesDaysBefore);
  const closesAt = atMarketTime(closingDay, seed.closesHour, 0, seed.timeZone);
  const slots = seed.slotHours.map((hour): WorldSlot => ({
    id: idFromName("demo/slot", `${seed.slug}/${day}/${hour}`),
    startsAt: atMarketTime(day, hour, 0, seed.timeZone),
    endsAt: atMarketTime(day, hour + 1, 0, seed.timeZone),
    capacityOrders: seed.slotCapacity,
  }));
  return {
    market,
    day,
    windowId: idFromName("demo/window", `${seed.slug}/${day}`),
    opensAt: atMarketTime(addCalendarDays(closingDay, -7), seed.closesHour, 0, seed.timeZone),
    closesAt,
    slots,
  };
}
