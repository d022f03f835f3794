import { invariant } from "@almanac/kernel";
import { logistic } from "../trees/losses.ts";

/** Somebody was shown a thing, and took it or did not. */
export interface TasteEvent {
  readonly user: number;
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
  private readonly options: Required<TasteOptions>;
  private readonly itemCount: number;
  private readonly tastes = new Map<number, Float64Array>();
  private readonly taken = new Map<number, Set<number>>();
  private readonly people: Float64Array;

  constructor(options: TasteOptions) {
    this.options = { rate: 0.05, fading: 0.002, longest: 4, ...options };
    const { width, items, rate, fading, longest } = this.options;
    invariant(Number.isInteger(width) && width > 0, "width is a whole number > 0");
    invariant(items.length % width === 0, "items end within a vector");
    invariant(rate > 0 && fading >= 0 && fading < 1 && longest > 0, "a step is above 0, fading below 1");
    this.itemCount = items.length / width;
    this.people = new Float64Array(this.itemCount);
  }

  /** Log-odds that a person takes a thing. */
  score(user: number, item: number): number {
    const own = this.tastes.get(user);
    const { items, width } = this.options;
    let score = Math.log1p(this.people[item]!) - Math.log1p(this.tastes.size);
    if (own) for (let at = 0; at < width; at++) score += own[at]! * items[item * width + at]!;
    return score;
  }

  /** The `count` things with the highest score, the lower number first among equal ones. */
  top(user: number, count: number): number[] {
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
    invariant(Number.isInteger(item) && item >= 0 && item < this.itemCount, "there is no such thing");
    const { items, width, rate, fading, longest } = this.options;
    const told = logistic(this.score(user, item));
    let own = this.tastes.get(user);
    if (!own) this.tastes.set(user, (own = new Float64Array(width)));
    const step = rate * ((isTaken ? 1 : 0) - told);
    let squares = 0;
    for (let at = 0; at < width; at++) {
      own[at] = (1 - fading) * own[at]! + step * items[item * width + at]!;
      squares += own[at]! ** 2;
    }
    const length = Math.sqrt(squares);
    if (length > longest) for (let at = 0; at < width; at++) own[at]! *= longest / length;
    if (isTaken) this.count(user, item);
    return told;
  }

  private count(user: number, item: number): void {
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
