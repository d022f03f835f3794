import type { Bus } from "@almanac/events";
import type { WeatherSource } from "@almanac/forecasting";

export interface PricingDeps {
  /** Tells those who follow prices at once that one was changed. */
  readonly bus?: Bus;
  /** Where weather is read for forecasts that have to be made first. */
  readonly weather?: WeatherSource;
}
