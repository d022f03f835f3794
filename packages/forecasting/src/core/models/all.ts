import { AppError } from "@almanac/kernel";
import type { Forecaster } from "../series.ts";
import { autoArima, averageArima } from "./arima/auto-arima.ts";
import { averageCes } from "./ces/average-ces.ts";
import { dynamicTheta } from "./dynamic-theta.ts";
import { autoEts } from "./ets/auto-ets.ts";
import { averageEts } from "./ets/average-ets.ts";
import { fourTheta } from "./four-theta.ts";
import { adida } from "./intermittent/adida.ts";
import { croston, sba, tsb } from "./intermittent/croston.ts";
import { fadings } from "./intermittent/fading.ts";
import { laggedRegression, wideLaggedRegression } from "./lagged.ts";
import { mstlArima, mstlEts, mstlTheta } from "./mstl-forecast.ts";
import { drift, longSeasonalNaive, mean, naive, naive2, seasonalNaive } from "./naive.ts";
import { ses, theta } from "./theta.ts";
import { yearBefore } from "./year-before.ts";

/** Every single model, by name; baselines first. */
export const forecasters: readonly Forecaster[] = [
  naive,
  seasonalNaive,
  longSeasonalNaive,
  naive2,
  mean,
  drift,
  ses,
  theta,
  dynamicTheta,
  fourTheta,
  autoEts,
  averageEts,
  averageCes,
  autoArima,
  averageArima,
  mstlEts,
  mstlArima,
  mstlTheta,
  laggedRegression,
  wideLaggedRegression,
  croston,
  sba,
  tsb,
  adida,
  ...fadings,
  yearBefore,
];

/** @throws AppError `input_invalid` that lists the names, for one that is no model */
export function forecasterNamed(name: string): Forecaster {
  const found = forecasters.find((forecaster) => forecaster.name === name);
  if (found) return found;
  const names = forecasters.map((forecaster) => forecaster.name).join(", ");
  throw new AppError("input_invalid", `there is no model "${name}"; there are auto, ${names}`);
}
