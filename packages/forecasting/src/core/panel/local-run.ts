import { AppError } from "@almanac/kernel";
import { demandClassOf } from "../demand-class.ts";
import type { DemandClass } from "../demand-class.ts";
import { endedHistory } from "../ended.ts";
import { countShape } from "../intervals/counts.ts";
import type { CountShape } from "../intervals/counts.ts";
import { errorGrowth } from "../intervals/error-growth.ts";
import { forecasterNamed } from "../models/all.ts";
import { membersFor } from "../models/members.ts";
import { seasonalNaive } from "../models/naive.ts";
import { cut, prepare } from "../prepare.ts";
import { withWeek } from "../season/week.ts";
import type { Forecaster, History, Series } from "../series.ts";

/** A series with the number of steps wanted. */
export interface PanelSeries extends Series {
  readonly id: string;
  readonly horizon: number;
  /**
   * The calendar's number of the first value's period, where known: days since 1970 for daily series, weeks for weekly
   * ones. Series of a panel that have it share a calendar, and what befell all of them last year is made use of.
   */
  readonly firstPeriod?: number;
  /**
   * Where it is sold, and what: series of one product share how they follow their columns, and those of one place take
   * customers from each other.
   */
  readonly place?: string;
  readonly product?: string;
}

/** Forecasts of all members from one origin, in the history's scale. */
export interface OriginRun {
  /** One array a member, in the order of `LocalRun.members`. */
  readonly forecasts: readonly Float64Array[];
  /** The usual size of errors by step, known at the origin; of roots where the history is never below zero. */
  readonly spread: Float64Array;
  /** How demand came in pieces, known at the origin; only where it is intermittent. */
  readonly counts?: CountShape;
  /** What came, NaN where it was not observed; empty for the run from the end of the history. */
  readonly actual: Float64Array;
}

/**
 * All that can be found out from one series alone: the part of a panel's forecast that runs side by side. Plain data, so
 * that it can come from another thread.
 */
export interface LocalRun {
  readonly id: string;
  readonly horizon: number;
  readonly scale: number;
  readonly nonNegative: boolean;
  readonly demand: DemandClass;
  /** Whether its place in the calendar is known: such series of a panel live through the same weather and holidays. */
  readonly dated: boolean;
  readonly members: readonly string[];
  /** As how many members each counts before errors tell, in the order of `members`. */
  readonly standing: readonly number[];
  readonly now: OriginRun;
  /** Runs from earlier origins of the same history, the latest first; empty when it is too short. */
  readonly past: readonly OriginRun[];
  /**
   * Runs of the first member alone from origins before those: cheap, and errors of one season of the world are alike, so
   * that intervals need several.
   */
  readonly further: readonly OriginRun[];
}

const mostSteps = 10_000;
const furtherOrigins = 3;

/**
 * Fits the members to a series, now and at an earlier origin.
 *
 * @param model `auto` for the members that suit the kind of demand, else the name of one model
 * @param origins how many earlier origins at most, one horizon apart
 * @returns undefined when the series holds no value at all, or for `auto` where its demand has ended
 * @throws AppError `input_invalid` for infinite values, a bad season, a horizon that is no whole number from 1 to 10,000
 */
export function runLocally(series: PanelSeries, model = "auto", origins = 1): LocalRun | undefined {
  const { horizon } = series;
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > mostSteps) {
    throw new AppError("input_invalid", `a horizon is a whole number from 1 to ${mostSteps}, not ${horizon}`);
  }
  const prepared = prepare(series);
  if (!prepared || (model === "auto" && endedHistory(series))) return undefined;
  const history = model === "auto" ? withWeek(prepared) : prepared;
  const demand = demandClassOf(history);
  const forecasters = model === "auto" ? membersFor(history, demand) : [forecasterNamed(model)];
  const n = history.values.length;
  const past: OriginRun[] = [];
  const further: OriginRun[] = [];
  const steps = Math.min(horizon, Math.floor(n / 3));
  for (let back = 1; back <= origins + furtherOrigins && steps >= 1; back++) {
    const origin = n - back * steps;
    // Earlier origins need a history that still shows what the models look for.
    if (origin < (back === 1 ? 4 : Math.max(3 * history.season, n / 2))) break;
    const known = cut(history, origin);
    if (back <= origins) past.push(runFrom(known, forecasters, steps, demand, history));
    else further.push(runFrom(known, forecasters.slice(0, 1), steps, demand, history));
  }
  return {
    id: series.id,
    horizon,
    scale: history.scale,
    nonNegative: history.nonNegative,
    demand,
    dated: series.firstPeriod !== undefined,
    members: forecasters.map(({ name }) => name),
    standing: forecasters.map(({ standing = 1 }) => standing),
    now: runFrom(history, forecasters, horizon, demand),
    past,
    further,
  };
}

function runFrom(
  known: History,
  forecasters: readonly Forecaster[],
  horizon: number,
  demand: DemandClass,
  whole?: History,
): OriginRun {
  const origin = known.values.length;
  const actual = whole
    ? whole.values
        .slice(origin, origin + horizon)
        .map((value, k) => (whole.observed[origin + k] === 1 ? value : NaN))
    : new Float64Array(0);
  return {
    forecasts: forecasters.map((forecaster) => guarded(forecaster, known, horizon)),
    spread: errorGrowth(onErrorScale(known), horizon),
    ...(demand === "intermittent" ? { counts: countShape(known) } : {}),
    actual,
  };
}

/** Errors are measured on roots where nothing is below zero: there they are as large at a high level as at a low one. */
function onErrorScale(history: History): History {
  return history.nonNegative
    ? { ...history, values: history.values.map((value) => Math.sqrt(value)) }
    : history;
}

/**
 * A member's forecast, held within reason: the seasonal naive one where the history is too short for the model or its
 * numbers are not finite; never below zero where the history is not; never further from what was seen than ten times its
 * width, which only a fit gone wrong reaches.
 */
function guarded(forecaster: Forecaster, known: History, horizon: number): Float64Array {
  const { values, season, nonNegative } = known;
  const able = values.length >= forecaster.least(season);
  let forecast = able ? forecaster.fit(known).predict(horizon) : undefined;
  if (!forecast?.every(Number.isFinite)) forecast = seasonalNaive.fit(known).predict(horizon);
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = 10 * (high - low);
  const floor = nonNegative ? 0 : low - room;
  return forecast.map((value) => Math.min(high + room, Math.max(floor, value)));
}
