/**
 * The value that would stand at `place` if all were sorted, found without sorting them: Hoare's selection (1961), n steps in
 * the mean. Moves the values about: afterwards those before the place are no larger, those behind it no smaller.
 *
 * @param place 0 to the last
 * @param from where to begin: every value before it is already known to be no larger than those from it on
 */
export function selectAt(values: number[], place: number, from: number): number {
  let low = from;
  let high = values.length - 1;
  while (low < high) {
    const pivot = middleOf(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const moved = values[left]!;
      values[left++] = values[right]!;
      values[right--] = moved;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return values[place]!;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
