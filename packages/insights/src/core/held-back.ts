/** People that a figure needs behind it before it is told. */
export const smallestGroup = 10;

/**
 * Which parts of a whole may not be told, where the whole may be known: those with fewer than ten people, and with them the
 * smallest of the others, since the whole less what is told would give them away. So what is held back together has ten
 * people or more behind it also where one person stands in several parts. Parts without anybody are told.
 *
 * @param people in each part
 * @returns their places in the list
 */
export function heldBack(people: readonly number[]): ReadonlySet<number> {
  const bySize = people.map((count, at) => ({ count, at })).sort((a, b) => a.count - b.count);
  const small = bySize.filter(({ count }) => count > 0 && count < smallestGroup);
  const next = bySize.find(({ count }) => count >= smallestGroup);
  const held = small.length > 0 && next ? [...small, next] : small;
  return new Set(held.map(({ at }) => at));
}
