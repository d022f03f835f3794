import { forecastPanelsInThreads, seriesBefore, type Forecast, type PanelSeries } from "@almanac/forecasting";
import { meanDemand } from "./core/mean-demand.ts";

/** Latest market days that are forecast once more from what came before, to say how well it goes. */
export const judgedDays = 8;
/** Days at a time, as far as a forecast is looked at. */
export const horizon = 2;

/** How the forecasts of the latest market days came out, in base units. */
export interface Errors {
  /** Sum of how far what was asked for lay from P50. */
  pastError: number;
  pastVolume: number;
  pastDays: number;
  /** Sum of what was forecast on average (`meanDemand`) less what was asked for. */
  pastBias: number;
}

export interface Judged {
  /** What was asked for, base units; NaN where not known. */
  readonly actual: Float64Array;
  /** The same as the models see it. */
  readonly panel: PanelSeries;
  /** Logarithm of the factor that was taken away of each day, as it was known before the judged ones. */
  readonly moved?: Float64Array;
}

/** Each of the latest days, forecast from the days before it by the same models. */
export async function judge(judged: readonly Judged[], threads: number): Promise<Errors[]> {
  const errors = judged.map((): Errors => ({ pastError: 0, pastVolume: 0, pastDays: 0, pastBias: 0 }));
  const cuts = Array.from({ length: judgedDays / horizon }, (_, back) =>
    judged.flatMap(({ panel }, at) => {
      const cut = seriesBefore({ ...panel, horizon }, back + 1);
      return cut ? [{ at, cut }] : [];
    }),
  );
  const forecasts = await forecastPanelsInThreads(
    cuts.map((kept) => kept.map(({ cut }) => cut)),
    { threads },
  );
  cuts.forEach((kept, back) =>
    kept.forEach(({ at, cut }, n) => {
      const from = cut.values.length;
      const { actual: days, moved } = judged[at]!;
      for (let step = 0; step < horizon; step++) {
        const actual = days[from + step];
        if (actual === undefined || Number.isNaN(actual)) continue;
        const factor = Math.exp(moved?.[from + step] ?? 0);
        const [p10, p50, p90] = [0.1, 0.5, 0.9].map(
          (share) => factor * quantileOf(forecasts[back]![n]!, share, step),
        ) as [number, number, number];
        errors[at]!.pastError += Math.abs(actual - p50);
        errors[at]!.pastBias += meanDemand({ p10, p50, p90 }) - actual;
        errors[at]!.pastVolume += actual;
        errors[at]!.pastDays += 1;
      }
    }),
  );
  return errors;
}

/** @returns never below 0: of a product's demand */
export function quantileOf({ quantiles }: Forecast, share: number, step: number): number {
  return Math.max(0, quantiles.find((one) => one.share === share)!.values[step]!);
}
