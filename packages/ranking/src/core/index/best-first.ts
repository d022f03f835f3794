/**
 * The positions 0 to count-1 of the best `limit`, best first. A comparison sort of everything costs more than the
 * search itself on wide queries, so positions worse than the worst kept one are dropped on sight.
 */
export function bestFirst(count: number, limit: number, compare: (a: number, b: number) => number): number[] {
  const kept: number[] = [];
  const room = Math.max(limit * 2, 64);
  let worst = -1;
  for (let at = 0; at < count; at++) {
    if (worst !== -1 && compare(at, worst) >= 0) continue;
    kept.push(at);
    if (kept.length < room) continue;
    kept.sort(compare).splice(limit);
    worst = kept.at(-1) ?? -1;
  }
  return kept.sort(compare).slice(0, limit);
}
