import type { DemandClass } from "../demand-class.ts";
import { isDay } from "../season/week.ts";
import type { Forecaster, History } from "../series.ts";
import { averageArima, longestArimaSeason } from "./arima/auto-arima.ts";
import { averageCes } from "./ces/average-ces.ts";
import { dynamicTheta } from "./dynamic-theta.ts";
import { averageEts } from "./ets/average-ets.ts";
import { fourTheta } from "./four-theta.ts";
import { adida } from "./intermittent/adida.ts";
import { tsb } from "./intermittent/croston.ts";
import { fadings } from "./intermittent/fading.ts";
import { laggedRegression, wideLaggedRegression } from "./lagged.ts";
import { mstlArima, mstlEts, mstlTheta } from "./mstl-forecast.ts";
import { longSeasonalNaive, seasonalNaive } from "./naive.ts";
import { onRoot } from "./on-root.ts";
import { ses, theta } from "./theta.ts";
import { showsYearBefore, yearBefore } from "./year-before.ts";

const regular: readonly Forecaster[] = [theta, dynamicTheta, averageEts, averageArima].map(onRoot);
/**
 * Without a season: 4Theta on the values in place of theta. OWA of M3 yearly and tourism yearly from the end, one and two
 * horizons earlier .846 to .848, .864 to .868, .817 to .803 and .856 to .821, .887 to .882, .865 to .841.
 */
const years: readonly Forecaster[] = [fourTheta, ...[dynamicTheta, averageEts, averageArima].map(onRoot)];
/**
 * A season that changes by loess beside the fixed ones: of the plain mean it brings the OWA of all of M3 quarterly from .875
 * to .866, monthly from .792 to .789. MSTL with exponential smoothing in its place: .873 and .788, at twice the time.
 */
const seasonal: readonly Forecaster[] = [...regular, onRoot(mstlTheta)];
/** Seasons that a history must show for that. */
const loessSeasons = 3;
/**
 * A year of quarters: ETS on the values as three members, ARIMA as half a one, CES in place of DOTM. OWA of M3 quarterly from
 * the end, one and two horizons earlier .866 to .863, .834 to .829 and .845 to .833. In months of less than twelve years CES
 * gains less than it costs.
 */
const quarters: readonly Forecaster[] = [
  onRoot(theta),
  { ...averageEts, standing: 3 },
  { ...onRoot(averageArima), standing: 0.5 },
  averageCes,
];
const manyQuarters: readonly Forecaster[] = [...quarters, onRoot(mstlTheta)];
const mostQuarters = 4;
/**
 * From twelve seasons on a pattern that changes can be seen, and ARIMA does better on what MSTL leaves. Restaurants and the
 * days of places, four origins each: MASE 1.6 % better than with DOTM and MSTL with ETS, and at none of the eight worse.
 */
const manySeasons = 12;
const cesOnRoot = onRoot(averageCes);
const manyWeeks: readonly Forecaster[] = [
  ...[theta, averageEts, averageArima, mstlArima].map(onRoot),
  cesOnRoot,
];
/**
 * Where the season is of months, all three of MSTL's and no ARIMA with a season: MASE of textbooks, tourism, livestock,
 * retail, unemployment and medicines, three or four origins each, 1.1 % better than with DOTM and ARIMA in place of CES and
 * of ARIMA on what MSTL leaves. For the days of a week theta and ETS on what MSTL leaves lose what the others gain.
 */
const manyMonths: readonly Forecaster[] = [
  ...[theta, averageEts, mstlArima, mstlEts, mstlTheta].map(onRoot),
  cesOnRoot,
];
const daysOfWeek = 7;
const longSeason: readonly Forecaster[] = [
  ...[theta, dynamicTheta, mstlEts, mstlArima].map(onRoot),
  seasonalNaive,
];
/**
 * Hours of a day, MASE at three origins, where the days of the week do not differ: 21 series of M4 .81 to 1.31, the first
 * alone .95 to 1.42, seasonal naive 1.24 to 1.58, MSTL 1.46 to 1.79.
 */
const hours: readonly Forecaster[] = [...[laggedRegression, wideLaggedRegression].map(onRoot), seasonalNaive];
const hoursOfWeek: readonly Forecaster[] = [
  ...[laggedRegression, wideLaggedRegression, mstlArima].map(onRoot),
  longSeasonalNaive,
];
/** A season of at most this many periods is short enough for its states to be smoothed one by one. */
const longestEtsSeason = 60;
/**
 * Weeks of a year: MSTL with ETS on the values, as roots make more of weeks that sold nothing, and its season carries them on
 * (alone from the end on Ansett, with a strike in it, .40 in place of .84). MASE of all on Ansett from the end, one and two
 * horizons earlier .363 to .350, 1.13 to 1.10, 2.75 to 2.74, on M4 .400, .350, .370 to .400, .342, .371, on Walmart as it was.
 */
const weeks: readonly Forecaster[] = [
  ...[theta, dynamicTheta, mstlArima, averageEts].map(onRoot),
  mstlEts,
  seasonalNaive,
];
const intermittent: readonly Forecaster[] = [...fadings, tsb, adida, ses];
/** Rare demand with a weekday of its own: models that know a season; on roots they fall short of the mean, on values not. */
const seasonalIntermittent: readonly Forecaster[] = [ses, onRoot(theta), onRoot(averageEts), averageEts];
/**
 * Hours of a stall that is closed at night, and at weekends: regression on hours before, on the values. Of generated stalls
 * (six weeks, 48 steps) with two days closed a root mean square error of 3.9 in place of 8.6, with one 3.5 for 5.9, with
 * nights alone 3.2 for 4.2, of one sale in thirty hours .45 for .46.
 */
const rareHours: readonly Forecaster[] = [laggedRegression, wideLaggedRegression, averageEts];
/** The same for periods shorter than half an hour, whose states cannot be smoothed one by one. */
const rareMinutes: readonly Forecaster[] = [laggedRegression, wideLaggedRegression];
/** Days that show what the days of the week are. */
const shownDays = 15;
/** Rare demand that has a year behind it: what has no season comes out as its level, so that no other is needed beside it. */
const rareYear: readonly Forecaster[] = [yearBefore];
/** Years that show a long season better than the one before does. */
const manyYears = 4;
/** Seasons that a history of rare demand must show. */
const rareSeasons = 8;

/** The models that are combined for a history, by its kind of demand and the length of its season. */
export function membersFor(history: History, demand: DemandClass): readonly Forecaster[] {
  if (demand === "intermittent") {
    if (isDay(history.season) && history.values.length >= shownDays * history.season)
      return history.season <= longestEtsSeason ? rareHours : rareMinutes;
    const hasRhythm = history.season > 1 && history.values.length >= rareSeasons * history.season;
    if (hasRhythm && history.season <= longestEtsSeason) return seasonalIntermittent;
    if (showsYearBefore(history)) return rareYear;
    return intermittent;
  }
  const members = regularMembers(history);
  return showsYearBefore(history) && history.values.length < manyYears * history.askedSeason
    ? [...members, onRoot(yearBefore)]
    : members;
}

function regularMembers(history: History): readonly Forecaster[] {
  if (isDay(history.season)) return history.longSeasons.length > 0 ? hoursOfWeek : hours;
  const longest = Math.max(history.season, ...history.longSeasons);
  if (longest > longestEtsSeason) return longSeason;
  if (longest > longestArimaSeason) return weeks;
  const seasons = longest > 1 ? history.values.length / longest : 0;
  if (longest > 1 && longest <= mostQuarters) return seasons >= loessSeasons ? manyQuarters : quarters;
  if (seasons >= manySeasons) return longest > daysOfWeek ? manyMonths : manyWeeks;
  if (history.askedSeason === 1) return years;
  return seasons >= loessSeasons ? seasonal : regular;
}
