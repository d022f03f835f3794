export { forecastDemand } from "./forecasting.ts";
