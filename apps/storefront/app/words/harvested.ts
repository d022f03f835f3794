import { atMarket } from "./dates.ts";

/** "Last harvest: Friday 15 August.", by the market's days; nothing of what was never harvested. */
export function harvestedWords(lastHarvestAt: string | undefined, timeZone: string): string | undefined {
  return lastHarvestAt && `Last harvest: ${atMarket(lastHarvestAt, timeZone, "day")}.`;
}
