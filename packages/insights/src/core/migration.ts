import { segments, type Segment } from "./segments.ts";

/** People who moved between segments, or stayed: rows are where they came from. */
export interface SegmentFlow {
  readonly from: Segment;
  readonly to: Segment;
  readonly people: number;
}

/** People a group needs before its size is told. */
export const smallestGroup = 10;

export interface SegmentSize {
  readonly segment: Segment;
  /** `null` where it is held back: so small that it would say something of one person, or what a small one follows from. */
  readonly people: number | null;
  /** 0 to 1; those that are told and what is held back sum to 1. */
  readonly share: number | null;
}

/** Sizes of all segments, in their order, small ones held back; empty segments are told. */
export function segmentSizes(counts: ReadonlyMap<Segment, number>): {
  readonly total: number;
  readonly sizes: readonly SegmentSize[];
  /** People in the groups that are held back. */
  readonly heldBack: number;
} {
  const total = [...counts.values()].reduce((sum, people) => sum + people, 0);
  const isSmall = (people: number): boolean => people > 0 && people < smallestGroup;
  let held = segments.filter((segment) => isSmall(counts.get(segment) ?? 0));
  // One group alone held back could be worked out from the total: the next smallest goes with it.
  if (held.length === 1) {
    const next = segments
      .filter((segment) => !held.includes(segment) && (counts.get(segment) ?? 0) > 0)
      .sort((a, b) => counts.get(a)! - counts.get(b)!)[0];
    if (next) held = [...held, next];
  }
  const sizes = segments.map((segment): SegmentSize => {
    if (held.includes(segment)) return { segment, people: null, share: null };
    const people = counts.get(segment) ?? 0;
    return { segment, people, share: total === 0 ? 0 : people / total };
  });
  return { total, sizes, heldBack: held.reduce((sum, segment) => sum + (counts.get(segment) ?? 0), 0) };
}

/** The flows whose people are enough to be told, and that tell nothing of the size of a segment that is held back. */
export function tellableFlows(flows: readonly SegmentFlow[], sizes: readonly SegmentSize[]): SegmentFlow[] {
  const held = new Set(sizes.filter(({ people }) => people === null).map(({ segment }) => segment));
  return flows.filter(({ from, to, people }) => people >= smallestGroup && !held.has(from) && !held.has(to));
}
