import { Alarms } from "./alarms.ts";
import { NearestPast } from "./nearest-past.ts";
import { RunningMoments, RunningWindow } from "./running.ts";
import { TailRank } from "./tail-rank.ts";
import { TimeOfDay } from "./time-of-day.ts";

/** The score from which a value is an anomaly. One for every stream. */
export const anomalyThreshold = 0.5;

/** The mean rank of all views that is told: less than 1, at which all of them would have to be at the edge together. */
const told = 0.61;
/** What one view can say at most: a single one, however far off, is not to speak for all. */
const mostOfOne = 1.25;
/** Before any time of day comes again, three of the five views are silent: the mean is over so many. */
const voicesAtFirst = 3;
const remembered = 1_500;
const lags = [2, 4];
/** Values whose mean is compared with such means before: a shift of hours, told apart from a spike. */
const shiftLengths = [40, 80];
const edgeShare = 0.001;
const edgeFewest = 3;
/** Distances are ranked on log(1 + d) of a tenth of a standard deviation: most lie well within one. */
const fineness = 10;

/**
 * Scores a stream of values one by one: how unlike everything before it is each value, by five views (the last two and the
 * last four values beside the windows nearest to them, the value for its time of day, and what the last forty and eighty
 * have beyond that on average). Each is ranked against its own past and the ranks are averaged, so that what is odd in one
 * way is told when it is very odd, and what is odd in all ways sooner. A score uses what came before it alone, and a value
 * costs the same however long the stream.
 *
 * An event is told once, see `Alarms`.
 */
export class AnomalyDetector {
  readonly #timeOfDay: TimeOfDay;
  readonly #all = new RunningMoments();
  readonly #rests = new RunningMoments();
  readonly #nearest = lags.map((length) => new NearestPast(length, remembered));
  readonly #shifts = shiftLengths.map((length) => ({
    length,
    recent: new RunningWindow(length),
    before: new RunningMoments(),
  }));
  readonly #ranks = Array.from({ length: 1 + lags.length + shiftLengths.length }, () => {
    return new TailRank(edgeShare, edgeFewest);
  });
  readonly #alarms = new Alarms(told);
  #knowsTimes = false;

  /** @param stepSeconds the usual time between values, above 0: decides how finely times of day are told apart */
  constructor(stepSeconds: number) {
    this.#timeOfDay = new TimeOfDay(stepSeconds);
  }

  /**
   * @param atSeconds epoch seconds of the value; need not be evenly spaced, nor ascending
   * @param value finite; a gap is simply not given
   * @returns in [0, 1); from `anomalyThreshold` up it is an anomaly
   */
  next(atSeconds: number, value: number): number {
    this.#all.add(value);
    const rest = this.#timeOfDay.next(atSeconds, value);
    if (rest !== undefined) this.#knowsTimes = true;
    const distances = this.#distances(rest, value);
    let sum = 0;
    distances.forEach((distance, view) => {
      sum += Math.min(mostOfOne, this.#ranks[view]!.score(distance));
      this.#ranks[view]!.add(distance);
    });
    const share = this.#alarms.next(sum / (this.#knowsTimes ? distances.length : voicesAtFirst));
    return share / (1 + share);
  }

  /** How far the value lies from what each view expects, in its standard deviations; the views learn it. */
  #distances(rest: number | undefined, value: number): number[] {
    // A fiftieth of the whole spread is the least that counts as one deviation: a flat line must not make all else rare.
    const least = 0.02 * this.#all.deviation + 1e-9 * (1 + Math.abs(value));
    const whole = (this.#all.deviation + least) / fineness;
    const nearest = this.#nearest.map((past) => past.next(value) / whole);
    const ofTime = rest === undefined ? 0 : Math.abs(rest) / (this.#rests.deviation + least);
    if (rest !== undefined) this.#rests.add(rest);
    const shifts = this.#shifts.map(({ length, recent, before }) => {
      recent.add(rest ?? 0);
      if (recent.count < length) return 0;
      const away = Math.abs(recent.mean - before.mean) / (before.deviation + least);
      before.add(recent.mean);
      return away;
    });
    return [...nearest, ofTime, ...shifts];
  }
}
