import type { CalendarDay } from "@almanac/kernel";
import { seasonPhase, seasonWords } from "./season-phase.ts";
import type { SeasonPhase } from "./season-phase.ts";
import { dayIndex, monthDayAt, monthLength, seasonalScore } from "./season.ts";
import type { ProductSeason } from "./season.ts";

/** What a product card shows of the season. */
export interface SeasonSummary {
  readonly phase: "coming" | "first" | "peak" | "ending" | "off" | "year_round";
  /** Seasonal score of the day, 0 to 1. */
  readonly score: number;
  /** "Peak now", "2 weeks left", "Back on 12 June", "Under glass now". */
  readonly label: string;
  /** Mean seasonal score of each month, 0 to 1 to a thousandth, January first. */
  readonly strip: readonly number[];
  /** Last day of the harvest that is on. */
  readonly endsOn?: CalendarDay;
  /** First day of the harvest to come. */
  readonly returnsOn?: CalendarDay;
}

/**
 * Score, phase, words, dates and twelve-month strip of a product on a market's calendar day. A product that only the
 * category map knows counts as at peak or off, without dates.
 *
 * @param latitude degrees, positive north
 */
export function summarizeSeason(season: ProductSeason, day: CalendarDay, latitude: number): SeasonSummary {
  const phase = seasonPhase(season, day, latitude);
  return {
    phase: shortPhase(phase),
    score: seasonalScore(season, day, latitude),
    label: labelOf(season, phase),
    strip: Array.from({ length: 12 }, (_, at) => meanScore(season, latitude, at + 1)),
    ...("until" in phase ? { endsOn: phase.until } : {}),
    ...(phase.kind === "coming" ? { returnsOn: phase.from } : {}),
    ...(phase.kind === "off" ? { returnsOn: phase.back } : {}),
  };
}

/** Outside of its harvest, what comes from under glass or from the store says so: it can be bought, not waited for. */
function labelOf({ supply }: ProductSeason, phase: SeasonPhase): string {
  const isOut = phase.kind === "off" || phase.kind === "coming";
  if (isOut && supply === "greenhouse") return "Under glass now";
  if (isOut && supply === "stored") return "From the store";
  return seasonWords(phase);
}

function shortPhase(phase: SeasonPhase): SeasonSummary["phase"] {
  if (phase.kind === "undated") return phase.inSeason ? "peak" : "off";
  if (phase.kind === "first-weeks") return "first";
  return phase.kind === "year-round" ? "year_round" : phase.kind;
}

function meanScore(season: ProductSeason, latitude: number, month: number): number {
  const first = dayIndex(`${String(month).padStart(2, "0")}-01`);
  const length = monthLength(month);
  let sum = 0;
  for (let at = 0; at < length; at++)
    sum += seasonalScore(season, `2001-${monthDayAt(first + at)}`, latitude);
  return Math.round((sum / length) * 1_000) / 1_000;
}
