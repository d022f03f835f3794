/**
 * Edits that turn one word into the other: insert, delete, replace a letter, or swap two neighbours (optimal string
 * alignment, the restricted Damerau-Levenshtein distance). Counting stops at the bound.
 *
 * @param bound greatest distance of interest, >= 0
 * @returns the distance, or `bound + 1` when it is greater than the bound
 *
 * Three rolling rows, restricted to the diagonal band that can stay within the bound. Ukkonen (1985), "Algorithms for
 * approximate string matching", Information and Control 64; Damerau (1964), CACM 7(3).
 */
export function editDistance(a: string, b: string, bound: number): number {
  const beyond = bound + 1;
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > bound) return beyond;
  let beforeLast = new Uint16Array(b.length + 1);
  let last = Uint16Array.from({ length: b.length + 1 }, (_, j) => Math.min(j, beyond));
  let row = new Uint16Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    row.fill(beyond);
    row[0] = Math.min(i, beyond);
    let best = row[0]!;
    const from = Math.max(1, i - bound);
    const to = Math.min(b.length, i + bound);
    for (let j = from; j <= to; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped =
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row[j] = Math.min(cost, beyond);
      if (cost < best) best = cost;
    }
    if (best > bound) return beyond;
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return last[b.length]!;
}

/** How many typing errors a word may hold and still be recognised: none under 4 letters, 1 from 4, 2 from 8. */
export function allowedEdits(length: number): 0 | 1 | 2 {
  if (length < 4) return 0;
  return length < 8 ? 1 : 2;
}
