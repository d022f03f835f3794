import { invariant } from "@almanac/kernel";
import { FtrlRegression, type FtrlOptions, type SparseEvent } from "./ftrl.ts";

/** Who answers: the one that remembers all, the one that forgets, or nobody but the share of positives. */
export const answerers = ["steady", "quick", "share"] as const;
export type Answerer = (typeof answerers)[number];

export interface GuardOptions extends Omit<FtrlOptions, "forgetting"> {
  /** Events that a running loss remembers, about: 300. */
  readonly memory?: number;
  /** Loss by which another one has to be ahead before it answers: .01. */
  readonly lead?: number;
  /** Share of the past that one event makes the quick one forget: .005. */
  readonly forgetting?: number;
}

/** An answer changed hands: something in the world has, or has come back. */
export interface Handover {
  /** Events that had been learned. */
  readonly at: number;
  readonly from: Answerer;
  readonly to: Answerer;
  /** Running loss of each at that moment. */
  readonly losses: Readonly<Record<Answerer, number>>;
}

/**
 * Learning event by event with a guard against drift. Two regressions learn from every event, one that remembers all and one
 * that forgets; beside them the share of positives is kept. Each is judged on every event before it has seen the label, and
 * the one with the least running loss answers, but hands over only when another is ahead by `lead`. So a world that turns
 * round is followed by the quick one at once, while the steady one begins anew; and nonsense is answered with the share.
 *
 * Herbster and Warmuth (1998), "Tracking the Best Expert", for following the best of several; here without weights, as
 * one of three has to answer for itself.
 */
export class GuardedLearner {
  private readonly learners: Record<"steady" | "quick", FtrlRegression>;
  private readonly startOver: () => FtrlRegression;
  private steadySince = 0;
  private readonly losses: Record<Answerer, number> = { steady: 0, quick: 0, share: 0 };
  private readonly memory: number;
  private readonly lead: number;
  private share = 0.5;
  private learned = 0;
  private current: Answerer = "share";
  readonly handovers: Handover[] = [];

  constructor({ memory = 300, lead = 0.01, forgetting = 0.005, ...options }: GuardOptions) {
    invariant(memory >= 1 && lead >= 0, "memory is at least an event, lead at least 0");
    this.memory = memory;
    this.lead = lead;
    this.startOver = () => new FtrlRegression(options);
    this.learners = {
      steady: this.startOver(),
      quick: new FtrlRegression({ ...options, forgetting }),
    };
  }

  get answerer(): Answerer {
    return this.current;
  }

  /** Probability that an event is positive, by the one that answers now. */
  predict(event: SparseEvent): number {
    return this.current === "share" ? this.share : this.learners[this.current].predict(event);
  }

  /**
   * Learns from an event.
   *
   * @param label 0 or 1
   * @returns the probability that was answered before learning
   * @throws InvariantError on an event that makes no sense; nothing has been learned then
   */
  learn(event: SparseEvent, label: number): number {
    const told: Record<Answerer, number> = {
      share: this.share,
      steady: this.learners.steady.learn(event, label),
      quick: this.learners.quick.learn(event, label),
    };
    const answered = told[this.current];
    this.learned++;
    // The mean so far, until there is enough to fade.
    const step = 1 / Math.min(this.learned, this.memory);
    for (const name of answerers) this.losses[name] += step * (lossOf(told[name], label) - this.losses[name]);
    this.share += (label - this.share) / Math.min(this.learned + 1, this.memory);
    this.handOver();
    return answered;
  }

  private handOver(): void {
    const best = answerers.reduce((least, name) => (this.losses[name] < this.losses[least] ? name : least));
    if (this.losses[best] > this.losses[this.current] - this.lead) return;
    this.handovers.push({ at: this.learned, from: this.current, to: best, losses: { ...this.losses } });
    if (best === "quick" && this.current === "steady" && this.learned - this.steadySince > this.memory)
      this.forgetAll();
    this.current = best;
  }

  /** What the steady one remembers is of another world: it begins anew, and answers again when it is ahead. */
  private forgetAll(): void {
    this.learners.steady = this.startOver();
    this.steadySince = this.learned;
  }
}

/** Cross-entropy of a label, bounded so that one certain error does not count for ever. */
function lossOf(probability: number, label: number): number {
  return -Math.log(Math.max(1e-4, label === 1 ? probability : 1 - probability));
}
