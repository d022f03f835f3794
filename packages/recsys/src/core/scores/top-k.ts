/**
 * The positions of the k largest values, best first; equal values keep the smaller position first, so that the answer
 * never depends on the order of work. Values of -Infinity and NaN are left out.
 *
 * A bounded min-heap: O(n log k), and in practice n comparisons, as most values fail against the root.
 */
export function topK(values: ArrayLike<number>, k: number, accept?: (position: number) => boolean): number[] {
  if (!(k > 0)) return [];
  const room = Math.min(k, values.length);
  const heap = new Int32Array(room);
  let size = 0;
  // Positions only grow, so a value that equals the root's comes behind it.
  let least = -Infinity;
  for (let position = 0; position < values.length; position++) {
    const value = values[position]!;
    if (!(value > least)) continue;
    if (accept !== undefined && !accept(position)) continue;
    if (size < room) siftUp(heap, size++, position, values);
    else siftDown(heap, size, position, values);
    if (size === room) least = values[heap[0]!]!;
  }
  return bestFirst(heap, size, values);
}

/** Takes the worst from the heap until nobody is left: the last that is taken is the best. */
function bestFirst(heap: Int32Array, size: number, values: ArrayLike<number>): number[] {
  const sorted: number[] = [];
  for (let left = size - 1; left >= 0; left--) {
    sorted.push(heap[0]!);
    siftDown(heap, left, heap[left]!, values);
  }
  return sorted.reverse();
}

function siftUp(heap: Int32Array, end: number, item: number, values: ArrayLike<number>): void {
  let at = end;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isWorse(item, heap[parent]!, values)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = item;
}

function siftDown(heap: Int32Array, size: number, item: number, values: ArrayLike<number>): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && isWorse(heap[child + 1]!, heap[child]!, values)) child++;
    if (!isWorse(heap[child]!, item, values)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
}

function isWorse(a: number, b: number, values: ArrayLike<number>): boolean {
  return values[a]! < values[b]! || (values[a] === values[b] && a > b);
}
