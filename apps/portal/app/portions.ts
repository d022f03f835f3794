/**
 * A long list in portions: the first in sight, each other behind a tap more.
 *
 * @param first how many are in the first portion, 1 or more
 * @param next how many are in each other one, 1 or more
 * @returns none for an empty list
 */
export function portionsOf<T>(list: readonly T[], first: number, next: number): T[][] {
  const portions: T[][] = [];
  for (let at = 0; at < list.length; at += at === 0 ? first : next)
    portions.push(list.slice(at, at + (at === 0 ? first : next)));
  return portions;
}
