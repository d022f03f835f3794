import { minutes, type Milliseconds } from "@almanac/kernel";

/** A farm that publishes the week's list in one go is told of once. */
export const collectForMs: Milliseconds = minutes(10);

export interface Arrival {
  readonly productId: string;
  /** First moment on sale: publishing again does not move it. */
  readonly listedAt: Date;
}

/**
 * The products of one farm that are due to be announced together: all that were listed since the last announcement, once
 * the first of them has waited ten minutes (REC-10).
 *
 * @param arrivals of one farm that were not announced yet, in any order
 * @returns oldest first; empty while there is still something to wait for
 */
export function dueDigest<Row extends Arrival>(arrivals: readonly Row[], now: Date): Row[] {
  const sorted = [...arrivals].sort((a, b) => a.listedAt.getTime() - b.listedAt.getTime());
  const first = sorted[0];
  if (!first || first.listedAt.getTime() + collectForMs > now.getTime()) return [];
  return sorted;
}
