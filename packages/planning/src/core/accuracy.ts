/** How forecasts of the latest market days did, each made from what came before it. */
export interface PastErrors {
  readonly demandClass: "regular" | "intermittent";
  readonly pastError: number;
  readonly pastVolume: number;
  readonly pastDays: number;
  /** Sum of what was forecast on average less what was asked for. */
  readonly pastBias: number;
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

export interface ClassAccuracy {
  /** What is sold at two markets is one product, of each class that it is of. */
  readonly products: number;
  /** Market days that were forecast once more, over all products. */
  readonly days: number;
  /** Sum of errors over the sum of what was sold; `null` where nothing was sold. */
  readonly wape: number | null;
  /**
   * Bias: the sum of what was forecast less what was sold, over what was sold. Above 0 where too much was forecast on the whole;
   * `null` where nothing was sold.
   */
  readonly bias: number | null;
  /** 1 - WAPE where it is claimed, see `accuracyOf`; never for what sells now and then. */
  readonly accuracy: number | null;
}

/** The same for what sells regularly and for what sells now and then, apart. */
export function accuracyByClass(
  rows: readonly (PastErrors & { readonly productId: string })[],
): Readonly<Record<PastErrors["demandClass"], ClassAccuracy>> {
  const of = (demandClass: PastErrors["demandClass"]): ClassAccuracy => {
    const own = rows.filter((row) => row.demandClass === demandClass);
    const sum = (pick: (row: PastErrors) => number): number =>
      own.reduce((total, row) => total + pick(row), 0);
    const volume = sum(({ pastVolume }) => pastVolume);
    return {
      products: new Set(own.map(({ productId }) => productId)).size,
      days: sum(({ pastDays }) => pastDays),
      wape: volume === 0 ? null : sum(({ pastError }) => pastError) / volume,
      bias: volume === 0 ? null : sum(({ pastBias }) => pastBias) / volume,
      accuracy: accuracyOf(own) ?? null,
    };
  };
  return { regular: of("regular"), intermittent: of("intermittent") };
}
