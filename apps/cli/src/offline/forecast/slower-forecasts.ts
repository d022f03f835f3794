import { forecastPanel, historyOver, reconcileOverTime } from "@almanac/forecasting";
import type { CoarseForecast, Forecast, PanelSeries } from "@almanac/forecasting";
import { lastErrors } from "./last-errors.ts";

/** Blocks that a slower history must hold for a forecast of its own to be worth anything. */
const leastBlocks = 4;

/**
 * The means of forecasts after they have met those of the same series at slower speeds.
 *
 * @param every lengths of the blocks that are forecast too; those that do not fit into the horizon, or of which a history
 *   holds fewer than four, have no say
 * @returns one mean a series, as long as its horizon
 */
export function meetOverTime(
  panel: readonly PanelSeries[],
  forecasts: readonly Forecast[],
  every: readonly number[],
): Float64Array[] {
  const slower = every.map((length) => slowerForecasts(panel, length));
  return panel.map((series, at) => {
    const coarse = slower.flatMap((speed) => speed[at] ?? []);
    const nonNegative = Array.from(series.values).every((value) => value === null || !(value < 0));
    const variance = varianceOf(series);
    const told = hasRoom(variance) ? coarse : [];
    return reconcileOverTime(forecasts[at]!.mean, variance, told, nonNegative);
  });
}

function slowerForecasts(
  panel: readonly PanelSeries[],
  every: number,
): readonly (CoarseForecast | undefined)[] {
  const slow = panel.map(({ id, values, season = 1, horizon }): PanelSeries => {
    const whole = season % every === 0 ? season / every : 1;
    return {
      id,
      values: historyOver(values, every),
      season: whole,
      horizon: Math.max(1, Math.floor(horizon / every)),
    };
  });
  return forecastPanel(slow).map(({ mean }, at) => {
    const variance = varianceOf(slow[at]!);
    const known = Array.from(slow[at]!.values).filter((value) => value !== null).length;
    const fits = panel[at]!.horizon >= every && known >= leastBlocks && hasRoom(variance);
    return fits ? { every, forecast: mean, variance } : undefined;
  });
}

/** Squares of errors beyond 1e150 are not finite, those of errors below 1e-150 are nothing: they tell of no forecast how well it is known. */
function hasRoom(variance: number): boolean {
  return variance > 0 && Number.isFinite(variance);
}

function varianceOf(series: PanelSeries): number {
  const errors = lastErrors(series).filter((value) => !Number.isNaN(value));
  return errors.reduce((sum, value) => sum + value * value, 0) / Math.max(1, errors.length);
}
