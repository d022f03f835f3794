import { RunningMoments, RunningWindow } from "./running.ts";
import { TailRank } from "./tail-rank.ts";

/** The score from which a value is an anomaly: beyond the edge of all that was seen. One for every stream. */
export const anomalyThreshold = 0.5;

const daySeconds = 86_400;
/** Values whose mean is compared with what went before: long enough to see a shift, short enough to see it soon. */
const shiftLength = 20;
const rememberedLength = 5_000;
/** How fast the expectation for a time of day follows what is seen there. */
const profileRate = 0.02;
/** Values after an alarm during which a lesser deviation is part of the same event. */
const eventLength = 100;
const worse = 1.3;
const edgeShare = 0.001;
const edgeFewest = 3;

/**
 * Scores a stream of values one by one: how unlike everything before it is each value, by three views (the value itself,
 * the value for its time of day, the mean of the last twenty), each ranked against its own past. A score uses what came
 * before it alone, and one pass costs the same per value however long the stream.
 *
 * An event is told once: for a hundred values after an alarm only something clearly worse is told again.
 */
export class AnomalyDetector {
  readonly #bins: number;
  readonly #profile: Float64Array;
  readonly #seenInBin: Uint32Array;
  readonly #all = new RunningMoments();
  readonly #rests = new RunningMoments();
  readonly #recent = new RunningWindow(shiftLength);
  readonly #before = new RunningWindow(rememberedLength);
  readonly #waiting: number[] = [];
  readonly #ranks = [0, 1, 2].map(() => new TailRank(edgeShare, edgeFewest));
  #sinceAlarm = Infinity;
  #alarm = 0;

  /** @param stepSeconds the usual time between values, above 0: decides how finely times of day are told apart */
  constructor(stepSeconds: number) {
    this.#bins = Math.max(4, Math.min(288, Math.round(daySeconds / stepSeconds)));
    this.#profile = new Float64Array(this.#bins);
    this.#seenInBin = new Uint32Array(this.#bins);
  }

  /**
   * @param atSeconds epoch seconds of the value; need not be evenly spaced, nor ascending
   * @param value finite; a gap is simply not given
   * @returns in [0, 1); from `anomalyThreshold` up it is an anomaly
   */
  next(atSeconds: number, value: number): number {
    this.#all.add(value);
    const deviations = this.#deviations(this.#binAt(atSeconds), value);
    let score = 0;
    deviations.forEach((deviation, view) => {
      score = Math.max(score, this.#ranks[view]!.score(deviation));
      this.#ranks[view]!.add(deviation);
    });
    const told = this.#toldOnce(score);
    return told / (1 + told);
  }

  #binAt(atSeconds: number): number {
    const ofDay = ((atSeconds % daySeconds) + daySeconds) % daySeconds;
    return Math.min(this.#bins - 1, Math.floor((ofDay / daySeconds) * this.#bins));
  }

  /** How far the value lies from each view's expectation, in standard deviations; then the views learn it. */
  #deviations(bin: number, value: number): number[] {
    // A fiftieth of the whole spread is the least that counts as one deviation: a flat line must not make all else rare.
    const least = 0.02 * this.#all.deviation + 1e-9 * (1 + Math.abs(value));
    const fromAll = Math.abs(value - this.#all.mean) / (this.#all.deviation + least);
    this.#recent.add(value);
    let shift = 0;
    if (this.#recent.count === shiftLength && this.#before.count > shiftLength) {
      shift = Math.abs(this.#recent.mean - this.#before.mean) / (this.#before.deviation + least);
    }
    this.#waiting.push(value);
    if (this.#waiting.length > shiftLength) this.#before.add(this.#waiting.shift()!);
    return [shift, this.#fromTimeOfDay(bin, value, least), fromAll];
  }

  #fromTimeOfDay(bin: number, value: number, least: number): number {
    const known = this.#seenInBin[bin]! >= 2;
    const rest = value - this.#profile[bin]!;
    const deviation = known ? Math.abs(rest) / (this.#rests.deviation + least) : 0;
    if (known) this.#rests.add(rest);
    this.#profile[bin]! += this.#seenInBin[bin] === 0 ? rest : profileRate * rest;
    this.#seenInBin[bin]!++;
    return deviation;
  }

  #toldOnce(score: number): number {
    this.#sinceAlarm++;
    const sameEvent = this.#sinceAlarm <= eventLength && score <= worse * this.#alarm;
    if (sameEvent) return 0;
    if (score >= 1) {
      this.#sinceAlarm = 0;
      this.#alarm = score;
    }
    return score;
  }
}
