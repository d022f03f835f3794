/** What a farm was told of a product today. */
export interface ToldSellOut {
  /** When it may sell out, milliseconds since 1970. */
  readonly sellsOutAt: number;
}

/** Told from this chance on. */
const leastChance = 0.5;
/** A time that moved forward by so much is told again. */
const muchEarlierMs = 30 * 60_000;
/** What sells out in the last minutes has sold well; nobody need hurry. */
const lastMs = 10 * 60_000;

/**
 * Whether a farm hears that a product may sell out: once a day, and again where it got much worse.
 *
 * @param now `sellsOutAt` and `closesAt` in milliseconds since 1970
 */
export function isSellOutNews(
  now: { readonly sellOutChance: number; readonly sellsOutAt?: number; readonly closesAt: number },
  told: ToldSellOut | undefined,
): boolean {
  const { sellOutChance, sellsOutAt, closesAt } = now;
  if (sellOutChance < leastChance || sellsOutAt === undefined || sellsOutAt > closesAt - lastMs) return false;
  return told === undefined || sellsOutAt <= told.sellsOutAt - muchEarlierMs;
}
