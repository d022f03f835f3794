import { invariant } from "@almanac/kernel";
import { logistic } from "../trees/losses.ts";

/** Entries of an event that are not 0: places and their values. The intercept is not among them. */
export interface SparseEvent {
  readonly places: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface FtrlOptions {
  /** How many places there are. */
  readonly width: number;
  /** Size of the first steps: .4 where weights are averaged, .1 where not. */
  readonly rate?: number;
  /** Slows later steps: 1. */
  readonly slowing?: number;
  /** L1 penalty, which keeps weights at exactly 0: 0. */
  readonly lasso?: number;
  /** L2 penalty: 1. */
  readonly ridge?: number;
  /** Share of the past that one event at a place makes forget, 0 to below 1: 0. About 1 / share events are remembered. */
  readonly forgetting?: number;
  /**
   * What answers is the mean of each weight over time, that of event t counting t^averaging - (t - 1)^averaging: 1 counts all
   * alike, more counts late ones more, 0 is the latest weight alone. 3, and 0 with forgetting, which follows instead.
   */
  readonly averaging?: number;
}

/**
 * Logistic regression that learns from one event at a time, each place at a rate of its own: FTRL-Proximal.
 * McMahan et al. (2013), "Ad Click Prediction: a View from the Trenches", algorithm 1.
 *
 * Steps that are large enough to arrive in one pass leave the last weights restless, so their mean over time answers:
 * polynomial-decay averaging, Shamir and Zhang (2013), "Stochastic Gradient Descent for Non-smooth Optimization". Gradients
 * are those at the latest weights.
 *
 * With `forgetting` both sums of a place shrink at each event there, so that steps do not become ever smaller and a world
 * that turns round is followed. A weight depends on the events at its place and on the probabilities at those events alone:
 * places that only one user has are moved by that user alone.
 */
export class FtrlRegression {
  readonly width: number;
  /** Two places more than `width` are kept: the last is the intercept. */
  private readonly pull: Float64Array;
  private readonly squares: Float64Array;
  /** Each weight by the counts of the events that it lasted through, up to the counts in `countedTo`. */
  private readonly sums: Float64Array;
  private readonly countedTo: Float64Array;
  private events = 0;
  private readonly options: Required<FtrlOptions>;

  constructor(options: FtrlOptions) {
    const averaging = options.averaging ?? ((options.forgetting ?? 0) > 0 ? 0 : 3);
    const rate = averaging > 0 ? 0.4 : 0.1;
    const read = { rate, slowing: 1, lasso: 0, ridge: 1, forgetting: 0, ...options, averaging };
    invariant(Number.isInteger(read.width) && read.width >= 0, "width is a whole number >= 0");
    invariant(read.rate > 0 && read.slowing >= 0, "rate is above 0, slowing >= 0");
    invariant(read.lasso >= 0 && read.ridge >= 0, "penalties are >= 0");
    invariant(read.slowing + read.ridge > 0, "slowing and ridge are not both 0");
    invariant(read.forgetting >= 0 && read.forgetting < 1, "forgetting is 0 to below 1");
    invariant(read.averaging >= 0 && read.averaging <= 16, "averaging is 0 to 16");
    this.options = read;
    this.width = read.width;
    this.pull = new Float64Array(read.width + 1);
    this.squares = new Float64Array(read.width + 1);
    this.sums = new Float64Array(read.width + 1);
    this.countedTo = new Float64Array(read.width + 1);
  }

  /** Latest weight of a place; place `width` is the intercept, which no penalty holds back. */
  weight(place: number): number {
    const { rate, slowing, lasso, ridge } = this.options;
    const isIntercept = place === this.width;
    const pull = this.pull[place]!;
    const held = isIntercept ? 0 : lasso;
    if (Math.abs(pull) <= held) return 0;
    const slow = (slowing + Math.sqrt(this.squares[place]!)) / rate + (isIntercept ? 0 : ridge);
    return slow > 0 ? (Math.sign(pull) * held - pull) / slow : 0;
  }

  /** Mean of a place's weight over the events so far, which is what answers. */
  averageWeight(place: number): number {
    const counted = this.countsOf(this.events);
    if (counted === 0) return this.weight(place);
    return (this.sums[place]! + (counted - this.countedTo[place]!) * this.weight(place)) / counted;
  }

  /** Probability that an event is positive. */
  predict({ places, values }: SparseEvent): number {
    let score = this.averageWeight(this.width);
    for (let at = 0; at < places.length; at++) score += this.averageWeight(places[at]!) * values[at]!;
    return logistic(score);
  }

  /**
   * Learns from an event.
   *
   * @param label 0 or 1
   * @returns the probability before learning, which is what an honest running score is made of
   * @throws InvariantError on a label, a place or a value that makes no sense; nothing has been learned then
   */
  learn(event: SparseEvent, label: number): number {
    invariant(label === 0 || label === 1, "a label is 0 or 1");
    const { places, values } = event;
    invariant(places.length === values.length, "places and values differ in number");
    for (let at = 0; at < places.length; at++) {
      const place = places[at]!;
      invariant(Number.isInteger(place) && place >= 0 && place < this.width, "a place is out of range");
      invariant(Number.isFinite(values[at]!), "a value is not a finite number");
    }
    const told = this.predict(event);
    let score = this.weight(this.width);
    for (let at = 0; at < places.length; at++) score += this.weight(places[at]!) * values[at]!;
    const slope = logistic(score) - label;
    this.move(this.width, slope);
    for (let at = 0; at < places.length; at++) this.move(places[at]!, slope * values[at]!);
    this.events++;
    return told;
  }

  /** What the first `events` events count together in the mean of weights; 0 where only the latest counts. */
  private countsOf(events: number): number {
    const { averaging } = this.options;
    return averaging === 0 ? 0 : events ** averaging;
  }

  private move(place: number, gradient: number): void {
    const { rate, forgetting } = this.options;
    const weight = this.weight(place);
    const counted = this.countsOf(this.events);
    this.sums[place]! += (counted - this.countedTo[place]!) * weight;
    this.countedTo[place] = counted;
    const kept = 1 - forgetting;
    const before = kept * this.squares[place]!;
    const after = before + gradient * gradient;
    const slowed = (Math.sqrt(after) - Math.sqrt(before)) / rate;
    this.pull[place] = kept * this.pull[place]! + gradient - slowed * weight;
    this.squares[place] = after;
  }
}
