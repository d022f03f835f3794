/** Whole crates nearest to a quantity, and never fewer than hold what is promised. */
export function toCrates(quantity: number, crate: number, promised = 0): number {
  const size = Math.max(1, crate);
  return Math.max(Math.round(quantity / size), Math.ceil(promised / size)) * size;
}

/** From so many crates on a load comes in whole ones; below, half a crate too many is much of what is sold. */
const wholeFrom = 3;
/** A crate that goes part-filled is filled by tenths. */
export const partsOfCrate = 10;

/**
 * What to bring of a quantity: whole crates, or for less than three of them tenths of one, the last crate part-filled. Never less
 * than what is promised.
 *
 * @returns base units
 */
export function loadOf(quantity: number, crate: number, promised = 0): number {
  if (Math.max(quantity, promised) >= wholeFrom * crate) return toCrates(quantity, crate, promised);
  return toCrates(quantity, Math.max(1, Math.round(crate / partsOfCrate)), promised);
}

export const upToCrates = (quantity: number, crate: number): number => {
  const size = Math.max(1, crate);
  return Math.ceil(quantity / size - 1e-9) * size;
};

/** One product that wants room in the van. */
export interface Load {
  /** Crates it would take if there were room. */
  readonly wanted: number;
  /** Crates that are promised to people who ordered: they go first. */
  readonly promised: number;
  /** What the n-th crate (from 1) earns on average; below 0 where more is wanted than pays best. */
  readonly worth: (crate: number) => number;
}

/**
 * Shares a van's room crate by crate: what is promised first, then always the crate that earns most. What is wanted goes as long as
 * there is room, whatever it earns: a farmer may rather never run out. As the n-th crate of
 * a product earns less than the one before, no other load of the same size earns more.
 *
 * @param capacity crates; `undefined` for a van without limits
 * @returns crates by product; what is promised is given even beyond the capacity, as it has to come along
 */
export function loadVan(loads: readonly Load[], capacity: number | undefined): number[] {
  if (capacity === undefined) return loads.map(({ wanted, promised }) => Math.max(wanted, promised));
  const given = loads.map(({ promised }) => promised);
  let left = capacity - given.reduce((sum, crates) => sum + crates, 0);
  for (; left > 0; left--) {
    let best = -1;
    let bestWorth = -Infinity;
    loads.forEach((load, at) => {
      if (given[at]! >= load.wanted) return;
      const worth = load.worth(given[at]! + 1);
      if (worth > bestWorth) {
        best = at;
        bestWorth = worth;
      }
    });
    if (best < 0) break;
    given[best]!++;
  }
  return given;
}
