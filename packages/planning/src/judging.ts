import { forecastInThreads, seriesBefore, type PanelSeries } from "@almanac/forecasting";

/** Latest market days that are forecast once more from what came before, to say how well it goes. */
const judgedDays = 8;
/** Days at a time, as far as a forecast is looked at. */
export const horizon = 2;

/** How the forecasts of the latest market days came out, in base units. */
export interface Errors {
  pastError: number;
  pastVolume: number;
  pastDays: number;
}

/** Each of the latest days, forecast from the days before it by the same models. */
export async function judge(panel: readonly PanelSeries[], threads: number): Promise<Errors[]> {
  const errors = panel.map((): Errors => ({ pastError: 0, pastVolume: 0, pastDays: 0 }));
  for (let back = 1; back * horizon <= judgedDays; back++) {
    const cuts = panel.map((series) => seriesBefore(series, back));
    const kept = [...cuts.keys()].filter((at) => cuts[at] !== undefined);
    const forecasts = await forecastInThreads(
      kept.map((at) => cuts[at]!),
      { threads },
    );
    kept.forEach((at, n) => {
      const from = cuts[at]!.values.length;
      for (let step = 0; step < horizon; step++) {
        const actual = panel[at]!.values[from + step];
        if (actual === undefined || actual === null || Number.isNaN(actual)) continue;
        errors[at]!.pastError += Math.abs(actual - forecasts[n]!.mean[step]!);
        errors[at]!.pastVolume += actual;
        errors[at]!.pastDays += 1;
      }
    });
  }
  return errors;
}
