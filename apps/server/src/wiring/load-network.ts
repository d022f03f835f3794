import type { Logger } from "@almanac/trpc";

/** The network of seasons in a thread of its own. A machine without it trains what needs none. */
export async function loadNetwork(log: Pick<Logger, "info">) {
  try {
    const { forecastSeasonalInThread } = await import("@almanac/neural");
    return forecastSeasonalInThread;
  } catch (err) {
    log.info({ err }, "no neural network is installed; seasons are learned without");
    return undefined;
  }
}
