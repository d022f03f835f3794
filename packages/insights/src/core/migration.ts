import { heldBack as heldBackOf, smallestGroup } from "./held-back.ts";
import { segments, type Segment } from "./segments.ts";

/** People who moved between segments, or stayed: rows are where they came from. */
export interface SegmentFlow {
  readonly from: Segment;
  readonly to: Segment;
  readonly people: number;
}

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
  const held = heldBackOf(segments.map((segment) => counts.get(segment) ?? 0));
  const sizes = segments.map((segment, at): SegmentSize => {
    if (held.has(at)) return { segment, people: null, share: null };
    const people = counts.get(segment) ?? 0;
    return { segment, people, share: total === 0 ? 0 : people / total };
  });
  const told = sizes.reduce((sum, { people }) => sum + (people ?? 0), 0);
  return { total, sizes, heldBack: total - told };
}

/** The flows whose people are enough to be told, and that tell nothing of the size of a segment that is held back. */
export function tellableFlows(flows: readonly SegmentFlow[], sizes: readonly SegmentSize[]): SegmentFlow[] {
  const held = new Set(sizes.filter(({ people }) => people === null).map(({ segment }) => segment));
  return flows.filter(({ from, to, people }) => people >= smallestGroup && !held.has(from) && !held.has(to));
}
