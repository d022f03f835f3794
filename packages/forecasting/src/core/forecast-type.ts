/** The kinds of model that a forecast can come of, as it is told to others. */
export const forecastTypes = ["linear", "arima", "prophet", "lstm", "ensemble"] as const;
export type ForecastType = (typeof forecastTypes)[number];

/**
 * The kind of a forecast by the name of its models, as `Forecast.model` has it: members joined by `+` are an ensemble. Of
 * single models ARIMA, also on seasons taken apart, is `arima`; a trend, the season as a Fourier series and holidays
 * together (`fitCalendarModel`) are `prophet`; a recurrent network is `lstm`; what extends levels, lines and seasons (naive
 * forecasts, smoothing, Theta, MSTL, Croston and its kind, pooled regression) is `linear`.
 */
export function forecastTypeOf(model: string): ForecastType {
  if (model.includes("+")) return "ensemble";
  if (/arima/.test(model)) return "arima";
  if (model === "calendar") return "prophet";
  return model === "lstm" ? "lstm" : "linear";
}
