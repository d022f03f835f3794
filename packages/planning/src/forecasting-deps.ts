import type { DatabaseHandle } from "@almanac/db";
import type { WeatherSource } from "@almanac/forecasting";
import type { Clock } from "@almanac/kernel";

export type ForecastStage = "read" | "compare" | "reckon" | "forecast" | "judge" | "write";

export interface ForecastingDeps {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  /** Threads beside this one: 1, so that this one stays free to answer. */
  readonly threads?: number;
  /** Where weather is read; without it forecasts know the climate alone, in words. */
  readonly weather?: WeatherSource;
  /** Told at the end of each stage, for what measures them. */
  readonly onStage?: (stage: ForecastStage) => void;
}
