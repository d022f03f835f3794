import { forecastInThreads } from "@almanac/forecasting";
import type { Forecast, PanelSeries } from "@almanac/forecasting";
import { costsSince } from "../../command.ts";
import type { CommandIo } from "../../command.ts";
import { writeInParts } from "../files/write-atomic.ts";
import { stderrProgress } from "../recommend/progress.ts";
import { forecastHelp, parseForecastOptions } from "./options.ts";
import { readSeriesBatches } from "./read-series.ts";
import { keepMemorySmall } from "./small-memory.ts";
import type { SeriesLine } from "./read-series.ts";

/**
 * `almanac forecast`: see `forecastHelp`.
 *
 * @returns the exit code
 * @throws AppError `input_invalid` for bad options and bad input; nothing is written then
 */
export async function runForecast(argv: readonly string[], io: CommandIo): Promise<number> {
  const startedAt = performance.now();
  const options = parseForecastOptions(argv);
  if (options.help) {
    io.out(forecastHelp);
    return 0;
  }
  keepMemorySmall();
  const progress = stderrProgress(io.say).share("forecasting");
  let rows = 0;
  await writeInParts(options.out, async (write) => {
    for await (const lines of readSeriesBatches(options.in)) {
      const forecasts = await forecastInThreads(lines.map(panelSeriesOf), {
        model: options.model,
        levels: options.levels,
        threads: options.jobs > 1 && lines.length > 32 ? options.jobs : 0,
        onProgress: progress,
      });
      rows += forecasts.length;
      await write(forecasts.map((forecast) => `${forecastLine(forecast)}\n`).join(""));
    }
  });
  const facts = { command: "forecast", rows, model: options.model, jobs: options.jobs };
  io.out(`${JSON.stringify({ ...facts, ...costsSince(startedAt) })}\n`);
  return 0;
}

export function panelSeriesOf({ y, ...line }: SeriesLine): PanelSeries {
  return { ...line, values: y };
}

export function forecastLine({ id, mean, intervals, quantiles, model }: Forecast): string {
  const line: Record<string, unknown> = { id, mean: [...mean] };
  for (const { level, lower, upper } of intervals) {
    const percent = Math.round(level * 1e4) / 100;
    line[`lo${percent}`] = [...lower];
    line[`hi${percent}`] = [...upper];
  }
  line["q"] = Object.fromEntries(quantiles.map(({ share, values }) => [share, [...values]]));
  return JSON.stringify({ ...line, model });
}
