import { editDistance } from "../words/edit-distance.ts";
import { soundKey } from "../words/sound-key.ts";

export interface Neighbour {
  readonly term: number;
  readonly distance: number;
}

const tailLimit = 1024;

/** The words of an index: numbered, counted by documents, found by prefix and by likeness. */
export class Lexicon {
  readonly words: string[] = [];
  private readonly ids = new Map<string, number>();
  private documentCounts = new Uint32Array(1024);
  private letterSets = new Uint32Array(1024);
  private lengths = new Uint8Array(1024);
  /** Words that may be recognised behind a typing error although no document holds them (names of synonyms). */
  private readonly known = new Set<number>();
  /** How often a word is written otherwise than as its term: "tomatoes" is, of "tomato". */
  private readonly forms = new Map<string, number>();
  /** Written forms of a term that differ from it. */
  private readonly formsOf = new Map<number, number>();
  private sorted: number[] = [];
  private sortedUpTo = 0;

  /** The number of a word, given to it when it is new. */
  intern(word: string): number {
    const existing = this.ids.get(word);
    if (existing !== undefined) return existing;
    const term = this.words.length;
    this.ids.set(word, term);
    this.words.push(word);
    if (term >= this.documentCounts.length) this.grow();
    this.letterSets[term] = letterSet(word);
    this.lengths[term] = Math.min(255, word.length);
    return term;
  }

  markKnown(word: string): void {
    this.known.add(this.intern(word));
  }

  find(word: string): number | undefined {
    return this.ids.get(word);
  }

  /** Documents that hold the term. */
  documentCount(term: number): number {
    return this.documentCounts[term] ?? 0;
  }

  count(term: number, change: 1 | -1): void {
    this.documentCounts[term]! += change;
  }

  /** Counts a word as it is written where it differs from its term, in one more document field or one less. */
  countForm(term: number, surface: string, change: 1 | -1): void {
    const before = this.forms.get(surface) ?? 0;
    const after = before + change;
    if (after > 0) this.forms.set(surface, after);
    else this.forms.delete(surface);
    if (before === 0 || after === 0) this.formsOf.set(term, (this.formsOf.get(term) ?? 0) + change);
  }

  /**
   * Whether nobody writes the plural of a term so, and everybody who writes one writes another: "tomatos" where there are
   * tomatoes. Without a plural to compare it with ("basils") nothing is said.
   */
  isMisspeltForm(term: number, surface: string): boolean {
    return (
      surface !== this.words[term] &&
      this.documentCount(term) > 0 &&
      !this.forms.has(surface) &&
      (this.formsOf.get(term) ?? 0) > 0
    );
  }

  /** Terms that some document holds and that start with the prefix, most documents first, without the prefix itself. */
  withPrefix(prefix: string, limit: number): number[] {
    this.mergeTail();
    const found: number[] = [];
    const matches = (term: number): boolean =>
      this.documentCounts[term]! > 0 && this.words[term] !== prefix && this.words[term]!.startsWith(prefix);
    for (let at = this.lowerBound(prefix); at < this.sorted.length; at++) {
      const term = this.sorted[at]!;
      if (!this.words[term]!.startsWith(prefix)) break;
      if (matches(term)) found.push(term);
    }
    for (let term = this.sortedUpTo; term < this.words.length; term++) if (matches(term)) found.push(term);
    return found.sort((a, b) => this.documentCounts[b]! - this.documentCounts[a]! || a - b).slice(0, limit);
  }

  /**
   * Words within `bound` edits that some document holds or that are known names: nearest first, then the same first
   * letter, then the same sound (`soundKey`), then more documents.
   *
   * Every word is looked at, but almost all fall to two numbers: an edit changes the length by at most one and the set
   * of letters by at most two. That is a few nanoseconds a word, needs 5 bytes each and no upkeep, where a deletion
   * dictionary for two edits needs dozens of entries a word.
   */
  neighbours(word: string, bound: number, limit: number): Neighbour[] {
    const set = letterSet(word);
    const found: Neighbour[] = [];
    for (let term = 0; term < this.words.length; term++) {
      if (Math.abs(this.lengths[term]! - word.length) > bound) continue;
      if (bitCount(this.letterSets[term]! ^ set) > 2 * bound) continue;
      if (this.documentCounts[term] === 0 && !this.known.has(term)) continue;
      const distance = editDistance(word, this.words[term]!, bound);
      if (distance > 0 && distance <= bound) found.push({ term, distance });
    }
    const otherInitial = (term: number): number => (this.words[term]![0] === word[0] ? 0 : 1);
    const sound = soundKey(word);
    const otherSounds = new Map(
      found.map(({ term }) => [term, soundKey(this.words[term]!) === sound ? 0 : 1]),
    );
    return found
      .sort(
        (a, b) =>
          a.distance - b.distance ||
          otherInitial(a.term) - otherInitial(b.term) ||
          otherSounds.get(a.term)! - otherSounds.get(b.term)! ||
          this.documentCounts[b.term]! - this.documentCounts[a.term]! ||
          a.term - b.term,
      )
      .slice(0, limit);
  }

  private grow(): void {
    const size = this.documentCounts.length * 2;
    const counts = new Uint32Array(size);
    counts.set(this.documentCounts);
    this.documentCounts = counts;
    const sets = new Uint32Array(size);
    sets.set(this.letterSets);
    this.letterSets = sets;
    const lengths = new Uint8Array(size);
    lengths.set(this.lengths);
    this.lengths = lengths;
  }

  /** New words wait in a short tail, so that adding one product does not sort the whole lexicon again. */
  private mergeTail(): void {
    if (this.words.length - this.sortedUpTo <= tailLimit) return;
    this.sorted = this.words.map((_, term) => term).sort((a, b) => compare(this.words[a]!, this.words[b]!));
    this.sortedUpTo = this.words.length;
  }

  private lowerBound(prefix: string): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.words[this.sorted[middle]!]!, prefix) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function letterSet(word: string): number {
  let set = 0;
  for (let i = 0; i < word.length; i++) set |= 1 << (word.charCodeAt(i) & 31);
  return set >>> 0;
}

function bitCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
