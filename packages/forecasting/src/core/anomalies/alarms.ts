/** Values after an alarm during which a lesser deviation is part of the same event: so many, or this share of the stream. */
const eventLength = 100;
const eventShare = 0.03;
const worse = 1.4;
/** How much more is asked of the next alarm after each one, and in what share of the stream's age half of that is forgotten. */
const fatigue = 0.09;
const halfLife = 0.5;
const youth = 100;

/**
 * Tells an event once, and asks more of a stream that has alarmed often: whoever reads alarms has the same patience for a
 * quiet stream as for a restless one.
 */
export class Alarms {
  readonly #limit: number;
  #age = 0;
  #sinceAlarm = Infinity;
  #alarm = 0;
  #tired = 0;

  /** @param limit above 0: the score that is told in a stream without alarms */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * @param score at least 0
   * @returns how often the score reaches what is asked for: from 1 up it is told, 0 while an event goes on that is not
   *   clearly worse than when it was told
   */
  next(score: number): number {
    this.#sinceAlarm++;
    this.#tired *= 2 ** (-1 / (halfLife * (this.#age + youth)));
    const event = Math.max(eventLength, eventShare * this.#age++);
    if (this.#sinceAlarm <= event && score <= worse * this.#alarm) return 0;
    const share = score / (this.#limit * (1 + this.#tired));
    if (share >= 1) {
      this.#sinceAlarm = 0;
      this.#alarm = score;
      this.#tired += fatigue;
    }
    return share;
  }
}
