import { invariant } from "@almanac/kernel";
import { logistic } from "../trees/losses.ts";

/** Whoever has a taste: a number or an id. */
export type Person = number | string;

/** What is kept of one person. */
export interface TasteState {
  /** `width` numbers. */
  readonly taste: ArrayLike<number>;
  /** Things that were taken, each once. */
  readonly taken: readonly number[];
}

/** Somebody was shown a thing, and took it or did not. */
export interface TasteEvent {
  readonly user: Person;
  readonly item: number;
  readonly isTaken: boolean;
}

export interface TasteOptions {
  /** Item by item, `width` numbers each: fixed until the next rebuild. */
  readonly items: Float32Array;
  readonly width: number;
  /** Size of a step: .05. */
  readonly rate?: number;
  /** Share of a taste that each own event makes fade: .002. */
  readonly fading?: number;
  /** A taste is no longer than this: 4. */
  readonly longest?: number;
  /** How many people have taken each thing already: nobody. */
  readonly people?: ArrayLike<number>;
}

/**
 * Tastes that follow what each person takes, event by event: one step of logistic regression on the person's own vector,
 * with the things as they are. A thing is as common as the different people who took it, each counted once.
 *
 * So an event moves its own person's vector and nobody else's; whatever one person does a thousand times makes a thing as
 * common as doing it once. The state is a fold over the events in their order: `rebuildTastes` on the same events gives the
 * same bits, and what a live state lost or saw twice shows as a difference.
 */
export class TasteLearner {
  private readonly options: Required<Omit<TasteOptions, "people">>;
  readonly itemCount: number;
  private readonly tastes = new Map<Person, Float64Array>();
  private readonly taken = new Map<Person, Set<number>>();
  private readonly people: Float64Array;

  constructor({ people, ...options }: TasteOptions) {
    this.options = { rate: 0.05, fading: 0.002, longest: 4, ...options };
    const { width, items, rate, fading, longest } = this.options;
    invariant(Number.isInteger(width) && width > 0, "width is a whole number > 0");
    invariant(items.length % width === 0, "items end within a vector");
    invariant(rate > 0 && fading >= 0 && fading < 1 && longest > 0, "a step is above 0, fading below 1");
    this.itemCount = items.length / width;
    this.people = new Float64Array(this.itemCount);
    if (people) {
      invariant(people.length === this.itemCount, "there is a count of people for each thing");
      this.people.set(people);
    }
  }

  /** Goes on with what was kept of a person. */
  restore(user: Person, { taste, taken }: TasteState): void {
    invariant(taste.length === this.options.width, "a taste is as wide as the things are");
    this.tastes.set(user, Float64Array.from(taste));
    this.taken.set(user, new Set(taken));
  }

  /** What is to be kept of a person; `undefined` for whom nothing was learned from. */
  stateOf(user: Person): { taste: Float64Array; taken: number[] } | undefined {
    const taste = this.tastes.get(user);
    return taste && { taste: taste.slice(), taken: [...(this.taken.get(user) ?? [])] };
  }

  users(): Person[] {
    return [...this.tastes.keys()];
  }

  /** How many people have taken a thing. */
  peopleOf(item: number): number {
    return this.people[item] ?? 0;
  }

  hasTaken(user: Person, item: number): boolean {
    return this.taken.get(user)?.has(item) ?? false;
  }

  /** Log-odds that a person takes a thing. */
  score(user: Person, item: number): number {
    return Math.log1p(this.people[item]!) - Math.log1p(this.tastes.size) + this.pullOf(user, item);
  }

  /** How much a person's own taste speaks for a thing. */
  private pullOf(user: Person, item: number): number {
    const own = this.tastes.get(user);
    const { items, width } = this.options;
    let pull = 0;
    if (own) for (let at = 0; at < width; at++) pull += own[at]! * items[item * width + at]!;
    return pull;
  }

  /** The `count` things with the highest score, the lower number first among equal ones. */
  top(user: Person, count: number): number[] {
    const scores = Float64Array.from({ length: this.itemCount }, (_, item) => this.score(user, item));
    return Array.from(scores.keys())
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, count);
  }

  /**
   * @returns the probability that was told before learning
   * @throws InvariantError for a thing that there is not; nothing has been learned then
   */
  learn({ user, item, isTaken }: TasteEvent): number {
    this.expectThing(item);
    const { items, width, rate } = this.options;
    const told = logistic(this.score(user, item));
    const step = rate * ((isTaken ? 1 : 0) - told);
    this.move(user, (at) => step * items[item * width + at]!);
    if (isTaken) this.count(user, item);
    return told;
  }

  /**
   * Learns from a choice between two: `taken`, and `passed`, which was drawn of all things alike. Told before it is learned
   * is the chance of that choice by the person's taste, and by how common both are alone: under such a draw the odds of two
   * things are those of how many take them, which is what a taste has to beat. Rendle et al. (2009), "BPR", for the step.
   *
   * @throws InvariantError for a thing that there is not; nothing has been learned then
   */
  choose(user: Person, taken: number, passed: number): { byTaste: number; byPeople: number } {
    this.expectThing(taken);
    this.expectThing(passed);
    const { items, width, rate } = this.options;
    // Not by `score`: how many people are known here changes its last bits, and must not change what is learned.
    const common = Math.log1p(this.people[taken]!) - Math.log1p(this.people[passed]!);
    const byPeople = logistic(common);
    const byTaste = logistic(common + this.pullOf(user, taken) - this.pullOf(user, passed));
    const step = rate * (1 - byTaste);
    this.move(user, (at) => step * (items[taken * width + at]! - items[passed * width + at]!));
    this.count(user, taken);
    return { byTaste, byPeople };
  }

  private expectThing(item: number): void {
    invariant(Number.isInteger(item) && item >= 0 && item < this.itemCount, "there is no such thing");
  }

  /** One step of a person's own vector, which fades and has an end. */
  private move(user: Person, stepAt: (at: number) => number): void {
    const { width, fading, longest } = this.options;
    let own = this.tastes.get(user);
    if (!own) this.tastes.set(user, (own = new Float64Array(width)));
    let squares = 0;
    for (let at = 0; at < width; at++) {
      own[at] = (1 - fading) * own[at]! + stepAt(at);
      squares += own[at]! ** 2;
    }
    const length = Math.sqrt(squares);
    if (length > longest) for (let at = 0; at < width; at++) own[at]! *= longest / length;
  }

  private count(user: Person, item: number): void {
    let own = this.taken.get(user);
    if (!own) this.taken.set(user, (own = new Set()));
    if (own.has(item)) return;
    own.add(item);
    this.people[item]! += 1;
  }

  /** The largest difference of any number of two states; Infinity where they know different people. */
  differenceTo(other: TasteLearner): number {
    if (this.tastes.size !== other.tastes.size || this.itemCount !== other.itemCount) return Infinity;
    let most = 0;
    this.people.forEach((count, item) => (most = Math.max(most, Math.abs(count - other.people[item]!))));
    for (const [user, own] of this.tastes) {
      const others = other.tastes.get(user);
      if (!others) return Infinity;
      own.forEach((value, at) => (most = Math.max(most, Math.abs(value - others[at]!))));
    }
    return most;
  }
}

/** What a learner is after these events, from nothing: the night's check on the live one, and its replacement. */
export function rebuildTastes(options: TasteOptions, events: Iterable<TasteEvent>): TasteLearner {
  const learner = new TasteLearner(options);
  for (const event of events) learner.learn(event);
  return learner;
}

/** What the night found: a live state that agrees stays, another one gives way to what was rebuilt. */
export type NightlyCheck =
  | { readonly kind: "agrees"; readonly learner: TasteLearner }
  | { readonly kind: "replaced"; readonly learner: TasteLearner; readonly difference: number };

/** Rebuilds from the whole log and holds the live state against it. */
export function checkNightly(
  live: TasteLearner,
  options: TasteOptions,
  events: Iterable<TasteEvent>,
): NightlyCheck {
  const rebuilt = rebuildTastes(options, events);
  const difference = live.differenceTo(rebuilt);
  return difference === 0
    ? { kind: "agrees", learner: live }
    : { kind: "replaced", learner: rebuilt, difference };
}
