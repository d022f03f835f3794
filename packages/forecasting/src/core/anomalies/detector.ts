import { Alarms } from "./alarms.ts";
import { NearestPast } from "./nearest-past.ts";
import { RunningMoments, RunningWindow } from "./running.ts";
import { TailRank } from "./tail-rank.ts";
import { TimeOfDay } from "./time-of-day.ts";

/** The score from which a value is an anomaly. One for every stream. */
export const anomalyThreshold = 0.5;

/** The mean rank of all views that is told: less than 1, at which all of them would have to be at the edge together. */
const told = 0.56;
/** What one view can say at most: a single one, however far off, is not to speak for all. */
const mostOfOne = 1.25;
const remembered = 1_500;
const lags = [1, 2, 4];
/** Values whose mean is compared with such means before: a shift of an hour or of hours, told apart from a spike. */
const shiftLengths = [10, 20, 40, 80];
/** What each kind of view counts for together: the nearest past, the time of day, shifts. */
const weights = [2, 1, 2] as const;
/** Before any time of day comes again, the last two kinds are silent: the mean is over so much. */
const weightAtFirst = 3.5;
const edgeShare = 0.001;
const edgeFewest = 3;
/** Distances are ranked on log(1 + d) of a tenth of a standard deviation: most lie well within one. */
const fineness = 10;

/**
 * Scores a stream of values one by one: how unlike everything before it is each value, by three kinds of views: the last one,
 * two and four values beside the windows nearest to them, the value for its time of day, and what the last ten, twenty, forty
 * and eighty have beyond that on average. Each is ranked against its own past and the ranks are averaged, so that what is
 * odd in one way is told when it is very odd, and what is odd in all ways sooner. Many lengths rather than the best few:
 * which are best differs from stream to stream, their average hardly. A score uses what came before it alone, and a value
 * costs the same however long the stream.
 *
 * An event is told once, see `Alarms`.
 */
export class AnomalyDetector {
  readonly #timeOfDay: TimeOfDay;
  readonly #all = new RunningMoments();
  readonly #rests = new RunningMoments();
  readonly #nearest = new NearestPast(lags, remembered);
  readonly #shifts = shiftLengths.map((length) => ({
    length,
    recent: new RunningWindow(length),
    before: new RunningMoments(),
  }));
  readonly #nearRanks = lags.map(() => new TailRank(edgeShare, edgeFewest));
  readonly #timeRank = new TailRank(edgeShare, edgeFewest);
  readonly #shiftRanks = shiftLengths.map(() => new TailRank(edgeShare, edgeFewest));
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
    // A fiftieth of the whole spread is the least that counts as one deviation: a flat line must not make all else rare.
    const least = 0.02 * this.#all.deviation + 1e-9 * (1 + Math.abs(value));
    const sum =
      weights[0] * this.#nearestPast(value, least) +
      weights[1] * this.#time(rest, least) +
      weights[2] * this.#shift(rest ?? 0, least);
    const all = this.#knowsTimes ? weights[0] + weights[1] + weights[2] : weightAtFirst;
    const share = this.#alarms.next(sum / all);
    return share / (1 + share);
  }

  /** Mean rank of the distances from the nearest windows, in tenths of the stream's standard deviation. */
  #nearestPast(value: number, least: number): number {
    const unit = (this.#all.deviation + least) / fineness;
    const distances = this.#nearest.next(value);
    let sum = 0;
    this.#nearRanks.forEach((rank, at) => (sum += ranked(rank, distances[at]! / unit)));
    return sum / lags.length;
  }

  /** Rank of what a value has beyond its time of day; 0 where that is not known, which is learned as no deviation. */
  #time(rest: number | undefined, least: number): number {
    if (rest === undefined) return ranked(this.#timeRank, 0);
    const away = Math.abs(rest) / (this.#rests.deviation + least);
    this.#rests.add(rest);
    return ranked(this.#timeRank, away);
  }

  /** Mean rank of how far means of the last values are from such means before, in their standard deviations. */
  #shift(rest: number, least: number): number {
    let sum = 0;
    this.#shifts.forEach(({ length, recent, before }, at) => {
      recent.add(rest);
      let away = 0;
      if (recent.count === length) {
        away = Math.abs(recent.mean - before.mean) / (before.deviation + least);
        before.add(recent.mean);
      }
      sum += ranked(this.#shiftRanks[at]!, away);
    });
    return sum / shiftLengths.length;
  }
}

/** What a view says of a distance, by its past; it learns it. */
function ranked(rank: TailRank, distance: number): number {
  const score = Math.min(mostOfOne, rank.score(distance));
  rank.add(distance);
  return score;
}
