import { invariant } from "@almanac/kernel";
import { RunningBest, type RunningBestState } from "./running-best.ts";
import { TasteLearner, type TasteOptions, type TasteState } from "./taste-learner.ts";

/** One line of a log: somebody took a thing. */
export interface LoggedTake {
  /** Place in the log, rising. */
  readonly seq: number;
  /** Absent where nothing may be learned of whoever it was. */
  readonly person: string | undefined;
  /** Absent where the thing was not there at the last rebuild. */
  readonly item: number | undefined;
  /** Day of the log, counted from anywhere. */
  readonly day: number;
}

/** Why nothing was learned from a line. */
export const passedOver = ["nobody", "unknown", "tooMany"] as const;
export type PassedOver = (typeof passedOver)[number];

/** Who is compared: a person's taste, or how common things are. */
export const tasteRivals = ["taste", "common"] as const;
export type TasteRival = (typeof tasteRivals)[number];

/** Loss saved by taste, in means of blocks: blocks, their mean, and the sum of squares around it (Welford). */
export interface SavedLoss {
  readonly blocks: number;
  readonly mean: number;
  readonly squares: number;
  /** Of the block that has not ended. */
  readonly open: { readonly events: number; readonly sum: number };
}

/** All of a stream but the people in it. */
export interface StreamState {
  /** The last line that was taken in. */
  readonly position: number;
  readonly seen: number;
  readonly learned: number;
  readonly people: number;
  readonly skipped: Readonly<Record<PassedOver, number>>;
  readonly guard: RunningBestState<TasteRival>;
  /** Choices that each would have guessed, a tie counting half. */
  readonly guessed: Readonly<Record<TasteRival, number>>;
  readonly saved: SavedLoss;
}

/** What is kept of one person. */
export interface StreamPerson extends TasteState {
  readonly events: number;
  /** Day of the latest event, and how many were learned from on it. */
  readonly day: number;
  readonly today: number;
}

export interface StreamOptions extends TasteOptions {
  /** Lines of one person and day that are learned from: 60. Whoever does more moves nothing by it. */
  readonly mostADay?: number;
}

export const emptyStream = (position: number): StreamState => ({
  position,
  seen: 0,
  learned: 0,
  people: 0,
  skipped: { nobody: 0, unknown: 0, tooMany: 0 },
  guard: { seen: 0, current: "common", losses: { taste: 0, common: 0 }, handovers: [] },
  guessed: { taste: 0, common: 0 },
  saved: { blocks: 0, mean: 0, squares: 0, open: { events: 0, sum: 0 } },
});

/** Events of one block: neighbours in time are alike, blocks of them less so. */
const blockEvents = 100;
const guardOptions = { memory: 1_000, lead: 0.01 };

/**
 * Tastes learned from a log, line by line, and judged on every line before it is learned from. Of what was taken and a thing
 * drawn by the line's place in the log, who tells better which was taken: the person's taste, or how many people take each?
 * The better one over the last thousand answers, so nobody is served by tastes that have gone wrong.
 *
 * A fold over the log: the same lines from the same state give the same bits, wherever it was stopped and taken up again.
 * A line moves its own person's vector alone, a thing's count once a person, and the judgement `mostADay` times at most.
 */
export class TasteStream {
  readonly learner: TasteLearner;
  private readonly mostADay: number;
  private readonly guard: RunningBest<TasteRival>;
  private readonly rows = new Map<string, { events: number; day: number; today: number }>();
  private readonly skipped: Record<PassedOver, number>;
  private readonly guessed: Record<TasteRival, number>;
  private position: number;
  private seen: number;
  private learned: number;
  private people: number;
  private saved: SavedLoss;

  constructor({ mostADay = 60, ...options }: StreamOptions, from: StreamState) {
    invariant(mostADay >= 1, "one line a day at least is learned from");
    this.learner = new TasteLearner(options);
    invariant(this.learner.itemCount >= 2, "a choice is between two things at least");
    this.mostADay = mostADay;
    this.guard = new RunningBest(tasteRivals, from.guard, guardOptions);
    this.skipped = { ...from.skipped };
    this.guessed = { ...from.guessed };
    ({ position: this.position, seen: this.seen, learned: this.learned, people: this.people } = from);
    this.saved = from.saved;
  }

  /** Goes on with what was kept of a person; before the first line of theirs. */
  restore(person: string, { taste, taken, ...row }: StreamPerson): void {
    this.learner.restore(person, { taste, taken });
    this.rows.set(person, { events: row.events, day: row.day, today: row.today });
  }

  /**
   * Takes in the next line.
   *
   * @returns why nothing was learned from it, if so
   * @throws InvariantError for a line that is not after the one before, or a thing that there is not
   */
  push({ seq, person, item, day }: LoggedTake): PassedOver | undefined {
    invariant(seq > this.position, "lines come in the order of the log");
    const why = this.take(seq, person, item, day);
    this.position = seq;
    this.seen++;
    if (why) this.skipped[why]++;
    else this.learned++;
    return why;
  }

  private take(
    seq: number,
    person: string | undefined,
    item: number | undefined,
    day: number,
  ): PassedOver | undefined {
    if (person === undefined) return "nobody";
    if (item === undefined) return "unknown";
    let row = this.rows.get(person);
    if (row && row.day === day && row.today >= this.mostADay) return "tooMany";
    const { byTaste, byPeople } = this.learner.choose(person, item, this.drawOther(seq, item));
    if (!row) {
      this.rows.set(person, (row = { events: 0, day, today: 0 }));
      this.people++;
    }
    row.today = row.day === day ? row.today + 1 : 1;
    row.day = day;
    row.events++;
    this.judge(byTaste, byPeople);
    return undefined;
  }

  /** Another thing, all alike, drawn by the place in the log. */
  private drawOther(seq: number, item: number): number {
    const drawn = scramble(seq) % (this.learner.itemCount - 1);
    return drawn < item ? drawn : drawn + 1;
  }

  private judge(byTaste: number, byPeople: number): void {
    const losses = { taste: lossOf(byTaste), common: lossOf(byPeople) };
    this.guard.observe(losses);
    this.guessed.taste += byTaste > 0.5 ? 1 : byTaste === 0.5 ? 0.5 : 0;
    this.guessed.common += byPeople > 0.5 ? 1 : byPeople === 0.5 ? 0.5 : 0;
    this.saved = withSaved(this.saved, losses.common - losses.taste);
  }

  state(): StreamState {
    const { position, seen, learned, people, saved } = this;
    return {
      position,
      seen,
      learned,
      people,
      skipped: { ...this.skipped },
      guard: this.guard.state(),
      guessed: { ...this.guessed },
      saved,
    };
  }

  /** What is to be kept of a person; `undefined` for whom nothing was learned from. */
  personState(person: string): (StreamPerson & { readonly taste: Float64Array }) | undefined {
    const row = this.rows.get(person);
    const own = this.learner.stateOf(person);
    return row && own && { ...own, ...row };
  }
}

/** Mean loss that taste saves for each choice, with its 95 % interval; `undefined` below ten blocks. */
export function savedByTaste({
  blocks,
  mean,
  squares,
}: SavedLoss): { mean: number; low: number; high: number } | undefined {
  if (blocks < 10) return undefined;
  const half = 1.96 * Math.sqrt(squares / (blocks - 1) / blocks);
  return { mean, low: mean - half, high: mean + half };
}

function withSaved({ blocks, mean, squares, open }: SavedLoss, difference: number): SavedLoss {
  const events = open.events + 1;
  const sum = open.sum + difference;
  if (events < blockEvents) return { blocks, mean, squares, open: { events, sum } };
  const block = sum / events;
  const moved = mean + (block - mean) / (blocks + 1);
  return {
    blocks: blocks + 1,
    mean: moved,
    squares: squares + (block - mean) * (block - moved),
    open: { events: 0, sum: 0 },
  };
}

/** Bounded, so that one certain error does not count for ever. */
const lossOf = (told: number): number => -Math.log(Math.max(1e-4, told));

/** A whole number that looks drawn, the same for the same place in the log: the finaliser of MurmurHash3. */
function scramble(seq: number): number {
  let bits = (seq ^ Math.floor(seq / 2 ** 32)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
