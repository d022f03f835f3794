import { invariant } from "@almanac/kernel";

export interface ExposureOptions {
  /** First places of a list that count as seen. */
  readonly places: number;
  /** Share of the catalogue, 0..1, that the first places of all lists together are to show. */
  readonly share: number;
  /** Items there are. */
  readonly catalogue: number;
  /** Last of those places that a list may give up; the ones before them stay as they are. */
  readonly mostGiven?: number;
}

export interface SpreadLists<Item> {
  readonly lists: Item[][];
  /** Share of the catalogue shown in the first places, before and after. */
  readonly before: number;
  readonly after: number;
}

/**
 * Shows more of a catalogue to a crowd at the least cost to anybody: each item that nobody would see is given a place in
 * the list that ranks it highest, until the wanted share is shown. It takes the last seen place that is not yet given up
 * and whose item others see too; what stood there becomes the first unseen one. So a list changes in its last seen
 * places only, and no item that was shown is lost.
 *
 * The work is one pass over the ranks: all lists' first unseen rank, then the next, lists in the order given. An item
 * that stands in no list cannot be shown, so the share may stay below the wanted one: give it longer lists then.
 *
 * @param ranked one list a person, best first, longer than `places`; not changed
 */
export function spreadExposure<Item>(
  ranked: readonly (readonly Item[])[],
  options: ExposureOptions,
): SpreadLists<Item> {
  const { places, share, catalogue, mostGiven = 3 } = options;
  invariant(Number.isInteger(places) && places > 0, "places is a whole number > 0");
  invariant(share >= 0 && share <= 1, "a share is 0 to 1");
  const lists = ranked.map((list) => [...list]);
  const exposure = new Map<Item, number>();
  for (const list of lists)
    for (const item of list.slice(0, places)) exposure.set(item, (exposure.get(item) ?? 0) + 1);
  const before = shareOf(exposure.size, catalogue);
  const wanted = Math.ceil(share * catalogue);
  const given = new Uint8Array(lists.length);
  const longest = ranked.reduce((most, list) => Math.max(most, list.length), 0);
  for (let rank = places; rank < longest && exposure.size < wanted; rank++)
    for (let at = 0; at < lists.length && exposure.size < wanted; at++) {
      const item = ranked[at]![rank];
      if (item === undefined || exposure.has(item) || given[at]! >= Math.min(mostGiven, places)) continue;
      const list = lists[at]!;
      const place = placeToGive(list, places - given[at]! - 1, places - mostGiven, exposure);
      if (place < 0) continue;
      const displaced = list[place]!;
      exchange(list, list.indexOf(item, places), place, places);
      exposure.set(displaced, exposure.get(displaced)! - 1);
      exposure.set(item, 1);
      given[at]!++;
    }
  return { lists, before, after: shareOf(exposure.size, catalogue) };
}

/** The last place from `last` down to `first` whose item is seen elsewhere too; -1 without one. */
function placeToGive<Item>(
  list: readonly Item[],
  last: number,
  first: number,
  exposure: ReadonlyMap<Item, number>,
): number {
  for (let place = last; place >= Math.max(0, first); place--)
    if (exposure.get(list[place]!)! > 1) return place;
  return -1;
}

/** Puts the item that stands unseen at `from` last among the seen, and what stood at `place` first among the unseen. */
function exchange<Item>(list: Item[], from: number, place: number, places: number): void {
  const [item] = list.splice(from, 1);
  const [displaced] = list.splice(place, 1);
  list.splice(places - 1, 0, item!, displaced!);
}

function shareOf(shown: number, catalogue: number): number {
  return catalogue > 0 ? shown / catalogue : 0;
}
