/**
 * The positions of the k largest values, best first; equal values keep the smaller position first, so that the answer
 * never depends on the order of work. Values of -Infinity and NaN are left out.
 *
 * A bounded min-heap: O(n log k), and in practice n comparisons, as most values fail against the root.
 */
export function topK(values: ArrayLike<number>, k: number, accept?: (position: number) => boolean): number[] {
  const heap: number[] = [];
  const worse = (a: number, b: number): boolean =>
    values[a]! < values[b]! || (values[a]! === values[b]! && a > b);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value > -Infinity)) continue;
    if (heap.length === k && (k === 0 || !worse(heap[0]!, i))) continue;
    if (accept !== undefined && !accept(i)) continue;
    if (heap.length < k) siftUp(heap, i, worse);
    else siftDown(heap, i, worse);
  }
  return heap.sort((a, b) => values[b]! - values[a]! || a - b);
}

function siftUp(heap: number[], item: number, worse: (a: number, b: number) => boolean): void {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!worse(item, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = item;
}

function siftDown(heap: number[], item: number, worse: (a: number, b: number) => boolean): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && worse(heap[child + 1]!, heap[child]!)) child++;
    if (!worse(heap[child]!, item)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
}
