import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { logistic } from "../trees/losses.ts";
import { emptyStream, savedByTaste, TasteStream, type LoggedTake, type StreamState } from "./taste-stream.ts";

const width = 8;
const itemCount = 60;
const rng = seededRng(3);
const items = Float32Array.from({ length: itemCount * width }, () => rng.normal());
const truth = Array.from({ length: 50 }, () => Array.from({ length: width }, () => rng.normal()));

/** People who each take what they like, by tastes that `isLiking` may turn off: then they take anything. */
function logOf(lines: number, isLiking = true): LoggedTake[] {
  const drawn = seededRng(5);
  return Array.from({ length: lines }, (_, at) => {
    const user = drawn.int(50);
    for (;;) {
      const item = drawn.int(itemCount);
      const score = truth[user]!.reduce((sum, value, k) => sum + value * items[item * width + k]!, 0);
      if (!isLiking || drawn.next() < logistic(score - 1))
        return { seq: 3 * at + 1, person: `p${user}`, item, day: Math.floor(at / 400) };
    }
  });
}

const follow = (lines: readonly LoggedTake[]): TasteStream => {
  const stream = new TasteStream({ items, width }, emptyStream(0));
  for (const line of lines) stream.push(line);
  return stream;
};
const first = (stream: TasteStream, person: string): number[] => stream.learner.top(person, 10);
const overlap = (a: readonly number[], b: readonly number[]): number => {
  const both = a.filter((item) => b.includes(item)).length;
  return both / (a.length + b.length - both);
};
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a stream of tastes", () => {
  const log = logOf(5_000);

  it("tells better than how common things are, and says beyond which doubt", () => {
    const { guard, guessed, learned, saved } = follow(log).state();
    expect(guard.current).toBe("taste");
    expect(guessed.taste / learned).toBeGreaterThan(guessed.common / learned + 0.1);
    expect(savedByTaste(saved)!.low).toBeGreaterThan(0.05);
  });

  it("loses less on the tail of 5,000 lines than on their head", () => {
    const head = follow(log.slice(0, 1_000)).state();
    const before = follow(log.slice(0, 4_000)).state();
    const whole = follow(log).state();
    expect((whole.guessed.taste - before.guessed.taste) / 1_000).toBeGreaterThan(
      head.guessed.taste / 1_000 + 0.05,
    );
  });

  it("lets how common things are answer where people have no taste", () => {
    const { guard, saved } = follow(logOf(5_000, false)).state();
    expect(guard.current).toBe("common");
    expect(savedByTaste(saved)!.high).toBeLessThan(0.01);
  });

  it("comes to the same bits wherever it is stopped and taken up again", () => {
    const whole = follow(log);
    let stream = new TasteStream({ items, width }, emptyStream(0));
    log.forEach((line, at) => {
      if (at % 700 === 699) stream = takenUp(stream);
      stream.push(line);
    });
    expect(stream.state()).toEqual(whole.state());
    expect(stream.learner.differenceTo(whole.learner)).toBe(0);
  });

  it("comes to the same bits of a person when nobody else is at hand", () => {
    const whole = follow(log);
    const before = follow(log.slice(0, 4_990));
    const people = Array.from({ length: itemCount }, (_, item) => before.learner.peopleOf(item));
    const alone = new TasteStream({ items, width, people }, before.state());
    const rest = log.slice(4_990);
    for (const { person } of rest) alone.restore(person!, before.personState(person!)!);
    for (const line of rest) alone.push(line);
    expect(alone.state()).toEqual(whole.state());
    for (const { person } of rest) expect(alone.personState(person!)).toEqual(whole.personState(person!));
  });

  it("learns nothing from whom it may not know, from what it does not know, and from the sixty-first of a day", () => {
    const stream = follow([]);
    expect(stream.push({ seq: 1, person: undefined, item: 1, day: 0 })).toBe("nobody");
    expect(stream.push({ seq: 2, person: "p", item: undefined, day: 0 })).toBe("unknown");
    for (let at = 0; at < 60; at++)
      expect(stream.push({ seq: 3 + at, person: "p", item: 1, day: 0 })).toBeUndefined();
    const before = stream.personState("p");
    expect(stream.push({ seq: 63, person: "p", item: 1, day: 0 })).toBe("tooMany");
    expect(stream.personState("p")).toEqual(before);
    expect(stream.push({ seq: 64, person: "p", item: 1, day: 1 })).toBeUndefined();
    expect(stream.state()).toMatchObject({
      seen: 64,
      learned: 61,
      people: 1,
      skipped: { tooMany: 1, nobody: 1, unknown: 1 },
    });
  });

  it("of one poisoned person moves that one alone: the first ten of everybody else overlap by .9 and more", () => {
    const plain = follow(log);
    const poison = Array.from({ length: 5_000 }, (_, at): LoggedTake => ({
      seq: 100_000 + at,
      person: "p7",
      item: at % 3,
      day: 100 + Math.floor(at / 100),
    }));
    const poisoned = follow([...log, ...poison]);
    const others = truth.map((_, user) => `p${user}`).filter((person) => person !== "p7");
    expect(others.every((person) => isSame(plain.personState(person), poisoned.personState(person)))).toBe(
      true,
    );
    expect(
      mean(others.map((person) => overlap(first(plain, person), first(poisoned, person)))),
    ).toBeGreaterThanOrEqual(0.9);
    expect(overlap(first(plain, "p7"), first(poisoned, "p7"))).toBeLessThan(0.9);
  });

  it("refuses a line that is not after the one before, so that none counts twice", () => {
    const stream = follow(log.slice(0, 10));
    expect(() => stream.push(log[9]!)).toThrow("order of the log");
  });
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Through text and back, as a database would have it. */
function takenUp(stream: TasteStream): TasteStream {
  const state = JSON.parse(JSON.stringify(stream.state())) as StreamState;
  const people = Array.from({ length: itemCount }, (_, item) => stream.learner.peopleOf(item));
  const next = new TasteStream({ items, width, people }, state);
  for (const person of stream.learner.users())
    next.restore(String(person), { ...stream.personState(String(person))! });
  return next;
}
