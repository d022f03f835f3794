import { FtrlRegression, type FtrlOptions, type SparseEvent } from "./ftrl.ts";
import { RunningBest, type HandoverOf } from "./running-best.ts";

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

export type Handover = HandoverOf<Answerer>;

/**
 * Learning event by event with a guard against drift. Two regressions learn from every event, one that remembers all and one
 * that forgets; beside them the share of positives is kept. Each is judged on every event before it has seen the label, and
 * the one with the least running loss answers, but hands over only when another is ahead by `lead`. So a world that turns
 * round is followed by the quick one at once, while the steady one begins anew; and nonsense is answered with the share.
 */
export class GuardedLearner {
  private readonly learners: Record<"steady" | "quick", FtrlRegression>;
  private readonly startOver: () => FtrlRegression;
  private steadySince = 0;
  private readonly best: RunningBest<Answerer>;
  private readonly memory: number;
  private share = 0.5;
  private learned = 0;

  constructor({ memory = 300, lead = 0.01, forgetting = 0.005, ...options }: GuardOptions) {
    this.best = new RunningBest(answerers, "share", { memory, lead });
    this.memory = memory;
    this.startOver = () => new FtrlRegression(options);
    this.learners = {
      steady: this.startOver(),
      quick: new FtrlRegression({ ...options, forgetting }),
    };
  }

  get answerer(): Answerer {
    return this.best.current;
  }

  get handovers(): readonly Handover[] {
    return this.best.handovers;
  }

  /** Probability that an event is positive, by the one that answers now. */
  predict(event: SparseEvent): number {
    const { answerer } = this;
    return answerer === "share" ? this.share : this.learners[answerer].predict(event);
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
    const answered = told[this.answerer];
    this.learned++;
    this.share += (label - this.share) / Math.min(this.learned + 1, this.memory);
    const handover = this.best.observe({
      share: lossOf(told.share, label),
      steady: lossOf(told.steady, label),
      quick: lossOf(told.quick, label),
    });
    const isTurned = handover?.from === "steady" && handover.to === "quick";
    if (isTurned && this.learned - this.steadySince > this.memory) this.forgetAll();
    return answered;
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
