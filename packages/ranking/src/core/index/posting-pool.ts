/**
 * Lists of postings (slot of a document, how often in each field) for many terms in two shared typed arrays, each list
 * in the order of its slots. A list that outgrows its place moves to the end of the pool with double the room.
 */
export class PostingPool {
  slots = new Uint32Array(1024);
  frequencies = new Uint32Array(1024);
  private used = 0;
  private starts = new Uint32Array(256);
  private lengths = new Uint32Array(256);
  private capacities = new Uint32Array(256);

  /** Where a term's list begins in `slots` and `frequencies`. */
  start(term: number): number {
    return this.starts[term] ?? 0;
  }

  length(term: number): number {
    return this.lengths[term] ?? 0;
  }

  /** Puts a posting in its place; the slot must not be in the list yet. At the end, the usual case, nothing moves. */
  insert(term: number, slot: number, frequency: number): void {
    this.ensureTerm(term);
    const length = this.lengths[term]!;
    if (length === this.capacities[term]!) this.move(term, Math.max(2, length * 2));
    const end = this.starts[term]! + length;
    const at = this.place(term, slot);
    this.slots.copyWithin(at + 1, at, end);
    this.frequencies.copyWithin(at + 1, at, end);
    this.slots[at] = slot;
    this.frequencies[at] = frequency;
    this.lengths[term] = length + 1;
  }

  /** Takes a posting out; nothing happens when it is not there. */
  remove(term: number, slot: number): void {
    const at = this.find(term, slot);
    if (at === -1) return;
    const end = this.starts[term]! + this.lengths[term]!;
    this.slots.copyWithin(at, at + 1, end);
    this.frequencies.copyWithin(at, at + 1, end);
    this.lengths[term]!--;
  }

  /** Where the posting of a slot stands in `frequencies`, -1 when the term is not in that document. */
  find(term: number, slot: number): number {
    if (term >= this.lengths.length) return -1;
    const at = this.place(term, slot);
    return at < this.starts[term]! + this.lengths[term]! && this.slots[at] === slot ? at : -1;
  }

  /** Bytes held by the pool. */
  get bytes(): number {
    return this.slots.byteLength * 2 + this.starts.byteLength * 3;
  }

  private place(term: number, slot: number): number {
    let low = this.starts[term]!;
    let high = low + this.lengths[term]!;
    if (high > low && this.slots[high - 1]! < slot) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.slots[middle]! < slot) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private ensureTerm(term: number): void {
    if (term < this.starts.length) return;
    const size = Math.max(term + 1, this.starts.length * 2);
    this.starts = grown(this.starts, size);
    this.lengths = grown(this.lengths, size);
    this.capacities = grown(this.capacities, size);
  }

  private move(term: number, capacity: number): void {
    if (this.used + capacity > this.slots.length) {
      const size = Math.max(this.used + capacity, Math.ceil(this.slots.length * 1.5));
      this.slots = grown(this.slots, size);
      this.frequencies = grown(this.frequencies, size);
    }
    const from = this.starts[term]!;
    const to = from + this.lengths[term]!;
    this.slots.copyWithin(this.used, from, to);
    this.frequencies.copyWithin(this.used, from, to);
    this.starts[term] = this.used;
    this.capacities[term] = capacity;
    this.used += capacity;
  }
}

/** A copy of a typed array with more room behind. */
export function grown(array: Uint32Array<ArrayBuffer>, size: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(size);
  copy.set(array);
  return copy;
}
