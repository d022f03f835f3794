/** How forecasts of the latest market days did, each made from what came before it. */
export interface PastErrors {
  readonly demandClass: "regular" | "intermittent";
  readonly pastError: number;
  readonly pastVolume: number;
  readonly pastDays: number;
}

/**
 * Accuracy, 1 - WAPE: 1 minus the sum of errors over the sum of what was sold, of all that is sold regularly. Nothing is
 * claimed for what sells now and then, nor from fewer than eight market days.
 *
 * @returns 0 to 1, or `undefined` where nothing is claimed
 */
export function accuracyOf(rows: readonly PastErrors[]): number | undefined {
  const regular = rows.filter(({ demandClass }) => demandClass === "regular");
  const sum = (pick: (row: PastErrors) => number): number =>
    regular.reduce((total, row) => total + pick(row), 0);
  if (sum(({ pastDays }) => pastDays) < leastDays) return undefined;
  const volume = sum(({ pastVolume }) => pastVolume);
  return volume === 0 ? undefined : Math.max(0, 1 - sum(({ pastError }) => pastError) / volume);
}

const leastDays = 8;
