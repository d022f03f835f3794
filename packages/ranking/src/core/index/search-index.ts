import { invariant } from "@almanac/kernel";
import { foreignNames, foreignStopWords } from "../words/foreign-names.ts";
import { buildForeignTable, type ForeignTable } from "../words/foreign-table.ts";
import { freeOf } from "../words/free-of.ts";
import { Lexicon } from "./lexicon.ts";
import type { Alternative } from "../query/plan-draft.ts";
import { PostingPool, grown } from "./posting-pool.ts";
import { produceSynonyms } from "../words/produce-synonyms.ts";
import { defaultMatchWeights, planQuery } from "../query/query-plan.ts";
import type { Correction, MatchWeights, QueryPlan } from "../query/query-plan.ts";
import { splitQuery } from "../query/split-query.ts";
import { spreadMeanings, type MeantMatches } from "./spread.ts";
import { buildSynonymTable } from "../words/synonym-table.ts";
import type { SynonymTable } from "../words/synonym-table.ts";
import { tokenize } from "../words/tokenize.ts";

/** A field of a document: how much a word in it counts, and how much long texts are held back (0 not, 1 fully). */
export interface SearchField {
  readonly name: string;
  readonly weight: number;
  readonly lengthNormalization: number;
}

export const productFields: readonly SearchField[] = [
  { name: "name", weight: 3, lengthNormalization: 0.6 },
  { name: "category", weight: 1.2, lengthNormalization: 0.3 },
  { name: "farm", weight: 0.8, lengthNormalization: 0.3 },
  { name: "description", weight: 0.4, lengthNormalization: 0.7 },
];

export interface SearchIndexOptions {
  /** One to four; `productFields` unless told. */
  readonly fields?: readonly SearchField[];
  /** Groups of names, "courgette, zucchini"; `produceSynonyms` unless told. */
  readonly synonyms?: readonly string[];
  readonly weights?: MatchWeights;
  /** How slowly repetition stops to help; 1.2 unless told. */
  readonly saturation?: number;
  /** What is left of the score of a document with next to none of the words, 0 to 1; .35 unless told. */
  readonly coverageFloor?: number;
}

export interface MatchOptions {
  /** The last word may be the beginning of a longer one; true unless told. */
  readonly prefix?: boolean;
  /** Typing errors are forgiven; true unless told. */
  readonly fuzzy?: boolean;
}

export interface MatchResult extends MeantMatches {
  /** Slots of the matching documents, in no promised order; their relevance and meanings are in the same order. */
  readonly slots: Uint32Array;
  readonly corrections: readonly Correction[];
  /** For "Showing results for ..."; absent when nothing was corrected. */
  readonly correctedQuery: string | undefined;
  /** For "Did you mean ...?", where nothing answers. */
  readonly offeredQuery: string | undefined;
  /** What nothing says that it is: "gluten free". */
  readonly unmet: readonly string[];
}

export interface SearchAnswer {
  readonly hits: readonly { readonly id: string; readonly relevance: number }[];
  readonly total: number;
  readonly corrections: readonly Correction[];
  readonly correctedQuery: string | undefined;
  readonly offeredQuery: string | undefined;
}

const maxFields = 4;

/**
 * An inverted index in process, ranked by BM25F (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework",
 * section 3.5): frequencies of a word in the fields are weighed, held back by the field's length and added before they
 * saturate. A document needs any word of the query; the share of the query's weight it covers multiplies its score, so
 * that all words beat one word often. Documents come, change and go one by one; postings live in typed arrays.
 */
export class SearchIndex {
  private readonly fields: readonly SearchField[];
  private readonly synonyms: SynonymTable;
  private readonly foreign: ForeignTable;
  private readonly weights: MatchWeights;
  private readonly saturation: number;
  private readonly coverageFloor: number;
  private readonly lexicon = new Lexicon();
  private readonly postings = new PostingPool();
  private readonly slotOfId = new Map<string, number>();
  private readonly ids: (string | undefined)[] = [];
  private readonly texts: (readonly string[] | undefined)[] = [];
  private readonly freeSlots: number[] = [];
  /** Words of each field, a byte each, at most 255. */
  private lengths = new Uint32Array(1024);
  private readonly totalLengths: number[];
  private readonly norms = new Float64Array(maxFields * 256);
  private normsStale = true;
  private scratch = new MatchScratch(1024);

  constructor(options: SearchIndexOptions = {}) {
    this.fields = options.fields ?? productFields;
    invariant(this.fields.length >= 1 && this.fields.length <= maxFields, "an index has one to four fields");
    this.synonyms = buildSynonymTable(options.synonyms ?? produceSynonyms);
    this.foreign = buildForeignTable(foreignNames, foreignStopWords, this.synonyms);
    this.weights = options.weights ?? defaultMatchWeights;
    this.saturation = options.saturation ?? 1.2;
    this.coverageFloor = options.coverageFloor ?? 0.35;
    this.totalLengths = this.fields.map(() => 0);
    for (const word of this.synonyms.singleWords) this.lexicon.markKnown(word);
  }

  /** Documents in the index. */
  get size(): number {
    return this.slotOfId.size;
  }

  /** One more than the greatest slot in use; arrays indexed by slot need this length. */
  get slotLimit(): number {
    return this.ids.length;
  }

  slotOf(id: string): number | undefined {
    return this.slotOfId.get(id);
  }

  idAt(slot: number): string | undefined {
    return this.ids[slot];
  }

  /**
   * Adds a document or replaces its text. A document keeps its slot for as long as it is in the index.
   *
   * @param texts one text per field, in the order of the fields; missing ones are empty
   * @returns the document's slot
   */
  put(id: string, texts: readonly string[]): number {
    const existing = this.slotOfId.get(id);
    if (existing !== undefined) this.unindex(existing);
    const slot = existing ?? this.freeSlots.pop() ?? this.ids.length;
    if (slot >= this.lengths.length) this.lengths = grown(this.lengths, slot * 2);
    this.ids[slot] = id;
    this.texts[slot] = texts;
    this.slotOfId.set(id, slot);
    this.index(slot, texts);
    return slot;
  }

  /** @returns whether the document was there */
  remove(id: string): boolean {
    const slot = this.slotOfId.get(id);
    if (slot === undefined) return false;
    this.unindex(slot);
    this.slotOfId.delete(id);
    this.ids[slot] = undefined;
    this.texts[slot] = undefined;
    this.freeSlots.push(slot);
    return true;
  }

  /** Every document that answers to any word of the query, with its relevance; none with an unwanted word in its first field. */
  match(query: string, options: MatchOptions = {}): MatchResult {
    const plan = this.plan(query, options);
    if (this.normsStale) this.refreshNorms();
    if (this.scratch.capacity < this.slotLimit) this.scratch = new MatchScratch(this.slotLimit * 2);
    const { scratch } = this;
    for (const word of plan.words) {
      let meaning = 0;
      for (const alternative of word.alternatives)
        this.scoreAlternative(alternative, alternative.isGuess ? ++meaning : 0);
      scratch.closeWord(word.idf, meaning > 0);
    }
    const total = plan.words.reduce((sum, word) => sum + word.idf, 0);
    const found = this.withoutUnwanted(scratch.collect(total, this.coverageFloor), query);
    const { corrections, correctedQuery, offeredQuery, unmet } = plan;
    return { ...found, corrections, correctedQuery, offeredQuery, unmet };
  }

  /** The best documents for a query: most relevant first, equals by id. */
  search(query: string, options: MatchOptions & { readonly limit?: number } = {}): SearchAnswer {
    const found = this.match(query, options);
    const { slots, relevance, corrections, correctedQuery, offeredQuery } = found;
    const order = spreadMeanings(found, options.limit ?? 20, (a, b) => {
      return relevance[b]! - relevance[a]! || (this.ids[slots[a]!]! < this.ids[slots[b]!]! ? -1 : 1);
    });
    const hits = order.map((at) => ({ id: this.ids[slots[at]!]!, relevance: relevance[at]! }));
    return { hits, total: slots.length, corrections, correctedQuery, offeredQuery };
  }

  /** How the index understands a query: its words, their alternatives and the corrections. */
  plan(query: string, options: MatchOptions = {}): QueryPlan {
    const { wanted, typedUnwanted } = splitQuery(query);
    const plan = planQuery(wanted, this.lexicon, this.synonyms, this.size, {
      prefix: options.prefix ?? true,
      fuzzy: options.fuzzy ?? true,
      weights: this.weights,
      foreign: this.foreign,
      areTogether: (a, b) => this.areTogether(a, b),
    });
    if (plan.correctedQuery === undefined) return plan;
    return { ...plan, correctedQuery: [plan.correctedQuery, ...typedUnwanted].join(" ") };
  }

  /** Leaves out what has an unwanted word of the query in its first field, by that or another name. */
  withoutUnwanted<Found extends Pick<MatchResult, "slots" | "relevance" | "meanings">>(
    found: Found,
    query: string,
  ): Found {
    const { unwanted } = splitQuery(query);
    if (unwanted.length === 0) return found;
    const names = unwanted.flatMap((terms) => [
      terms,
      ...this.synonyms.othersOf(terms),
      ...(this.foreign.namesOf(terms) ?? []),
    ]);
    const phrases = names.map((terms) => terms.map((term) => this.lexicon.find(term)));
    const isUnwanted = (slot: number): boolean =>
      phrases.some((terms) => terms.every((term) => term !== undefined && this.isInFirstField(term, slot)));
    const kept = Array.from(found.slots.keys()).filter((at) => !isUnwanted(found.slots[at]!));
    const best = kept.reduce((most, at) => Math.max(most, found.relevance[at]!), 0);
    return {
      ...found,
      slots: Uint32Array.from(kept, (at) => found.slots[at]!),
      relevance: Float64Array.from(kept, (at) => found.relevance[at]! / (best || 1)),
      ...(found.meanings && { meanings: Uint16Array.from(kept, (at) => found.meanings![at]!) }),
    };
  }

  /** The words, as terms, that answer to the last word of a query: of a phrase ("sweet corn") its last. */
  lastWords(query: string, options: MatchOptions = {}): ReadonlySet<string> {
    const alternatives = this.plan(query, options).words.at(-1)?.alternatives ?? [];
    return new Set(alternatives.map(({ terms }) => this.lexicon.words[terms.at(-1)!]!));
  }

  /** Whether the first field of a document has a word, given as a term. */
  isNamed(slot: number, word: string): boolean {
    const term = this.lexicon.find(word);
    return term !== undefined && this.isInFirstField(term, slot);
  }

  private isInFirstField(term: number, slot: number): boolean {
    const at = this.postings.find(term, slot);
    return at !== -1 && (this.postings.frequencies[at]! & 255) > 0;
  }

  /** Whether some document holds both terms. */
  private areTogether(a: number, b: number): boolean {
    const { postings } = this;
    const [rare, common] = postings.length(a) < postings.length(b) ? [a, b] : [b, a];
    const start = postings.start(rare);
    for (let at = start; at < start + postings.length(rare); at++) {
      if (postings.find(common, postings.slots[at]!) !== -1) return true;
    }
    return false;
  }

  private scoreAlternative({ terms, weight }: Alternative, meaning: number): void {
    const { postings, scratch, saturation } = this;
    const shortest = terms.reduce((a, b) => (postings.length(b) < postings.length(a) ? b : a));
    const others = terms.filter((term) => term !== shortest);
    const start = postings.start(shortest);
    const end = start + postings.length(shortest);
    for (let at = start; at < end; at++) {
      const slot = postings.slots[at]!;
      let frequency = this.fieldFrequency(slot, postings.frequencies[at]!);
      for (const other of others) {
        const found = postings.find(other, slot);
        frequency =
          found === -1 ? 0 : Math.min(frequency, this.fieldFrequency(slot, postings.frequencies[found]!));
      }
      if (frequency > 0) scratch.offer(slot, (weight * frequency) / (saturation + frequency), meaning);
    }
  }

  private fieldFrequency(slot: number, packed: number): number {
    const lengths = this.lengths[slot]!;
    let sum = 0;
    for (let field = 0; packed >>> (8 * field) !== 0 && field < maxFields; field++) {
      const count = (packed >>> (8 * field)) & 255;
      if (count > 0) sum += count * this.norms[field * 256 + ((lengths >>> (8 * field)) & 255)]!;
    }
    return sum;
  }

  private refreshNorms(): void {
    this.fields.forEach(({ weight, lengthNormalization }, field) => {
      const average = Math.max(1, this.totalLengths[field]! / Math.max(1, this.size));
      for (let length = 0; length < 256; length++) {
        const held = 1 - lengthNormalization + (lengthNormalization * length) / average;
        this.norms[field * 256 + length] = weight / Math.max(0.05, held);
      }
    });
    this.normsStale = false;
  }

  private index(slot: number, texts: readonly string[]): void {
    const { frequencies, lengths, forms } = this.countWords(texts);
    for (const [term, frequency] of frequencies) {
      this.postings.insert(term, slot, frequency);
      this.lexicon.count(term, 1);
    }
    for (const { id, surface } of forms) this.lexicon.countForm(id, surface, 1);
    this.addLengths(lengths, 1);
    this.lengths[slot] = pack(lengths);
  }

  /** Texts are kept instead of a list of terms per document: they are in memory anyway, and change rarely. */
  private unindex(slot: number): void {
    const { frequencies, lengths, forms } = this.countWords(this.texts[slot] ?? []);
    for (const term of frequencies.keys()) {
      this.postings.remove(term, slot);
      this.lexicon.count(term, -1);
    }
    for (const { id, surface } of forms) this.lexicon.countForm(id, surface, -1);
    this.addLengths(lengths, -1);
  }

  private addLengths(lengths: readonly number[], sign: 1 | -1): void {
    lengths.forEach((length, field) => (this.totalLengths[field]! += sign * length));
    this.normsStale = true;
  }

  private countWords(texts: readonly string[]): WordCounts {
    const frequencies = new Map<number, number>();
    const forms: WordCounts["forms"] = [];
    const lengths = this.fields.map((_, field) => {
      const tokens = tokenize(texts[field] ?? "");
      const note = (id: number): void => {
        const packed = frequencies.get(id) ?? 0;
        const count = (packed >>> (8 * field)) & 255;
        if (count < 255) frequencies.set(id, (packed + 2 ** (8 * field)) >>> 0);
      };
      tokens.forEach(({ term, surface }, at) => {
        const id = this.lexicon.intern(term);
        if (surface !== term) forms.push({ id, surface });
        note(id);
        const compound = freeOf(tokens, at);
        if (compound !== undefined) note(this.lexicon.intern(compound));
      });
      return Math.min(255, tokens.length);
    });
    return { frequencies, lengths, forms };
  }
}

interface WordCounts {
  /** By term, a byte a field. */
  readonly frequencies: Map<number, number>;
  /** Words by field. */
  readonly lengths: number[];
  /** Words that are written otherwise than their term. */
  readonly forms: { readonly id: number; readonly surface: string }[];
}

/** Sums of one query by slot; zero outside a query, so that only what was touched is cleared. */
class MatchScratch {
  readonly capacity: number;
  private readonly word: Float64Array;
  private readonly score: Float64Array;
  private readonly covered: Float64Array;
  private readonly wordMeaning: Uint16Array;
  private readonly meaning: Uint16Array;
  private readonly wordSlots: Uint32Array;
  private readonly slots: Uint32Array;
  private wordCount = 0;
  private count = 0;
  private isAnyGuess = false;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.word = new Float64Array(capacity);
    this.score = new Float64Array(capacity);
    this.covered = new Float64Array(capacity);
    this.wordMeaning = new Uint16Array(capacity);
    this.meaning = new Uint16Array(capacity);
    this.wordSlots = new Uint32Array(capacity);
    this.slots = new Uint32Array(capacity);
  }

  /** A way to satisfy the current word; the best one of a document counts. */
  offer(slot: number, value: number, meaning: number): void {
    const best = this.word[slot]!;
    if (best === 0) this.wordSlots[this.wordCount++] = slot;
    if (value <= best) return;
    this.word[slot] = value;
    this.wordMeaning[slot] = meaning;
  }

  /** @param isGuess whether some way to satisfy the word is a guess at what was meant */
  closeWord(idf: number, isGuess: boolean): void {
    if (isGuess) this.isAnyGuess = true;
    for (let at = 0; at < this.wordCount; at++) {
      const slot = this.wordSlots[at]!;
      if (this.score[slot] === 0) this.slots[this.count++] = slot;
      this.score[slot]! += idf * this.word[slot]!;
      this.covered[slot]! += idf;
      this.word[slot] = 0;
      if (isGuess) this.meaning[slot] = this.wordMeaning[slot]!;
    }
    this.wordCount = 0;
  }

  collect(totalIdf: number, coverageFloor: number): Pick<MatchResult, "slots" | "relevance" | "meanings"> {
    const slots = this.slots.slice(0, this.count);
    const relevance = new Float64Array(this.count);
    const meanings = this.isAnyGuess ? new Uint16Array(this.count) : undefined;
    let best = 0;
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at]!;
      const coverage = Math.min(1, this.covered[slot]! / totalIdf);
      const value = this.score[slot]! * (coverageFloor + (1 - coverageFloor) * coverage);
      relevance[at] = value;
      if (value > best) best = value;
      this.score[slot] = 0;
      if (meanings) meanings[at] = this.meaning[slot]!;
      this.meaning[slot] = 0;
      this.covered[slot] = 0;
    }
    for (let at = 0; at < relevance.length; at++) relevance[at]! /= best;
    this.count = 0;
    this.isAnyGuess = false;
    return { slots, relevance, ...(meanings && { meanings }) };
  }
}

function pack(lengths: readonly number[]): number {
  return lengths.reduce((packed, length, field) => (packed | (length << (8 * field))) >>> 0, 0);
}
