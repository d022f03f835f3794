import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { logistic } from "../trees/losses.ts";
import { GuardedLearner } from "./guarded-learner.ts";
import { checkNightly, rebuildTastes, TasteLearner, type TasteEvent } from "./taste-learner.ts";

const width = 30;

/** Events with five of thirty places; from `turnAt` on every label is the other one. */
function stream(events: number, turnAt = Infinity) {
  const rng = seededRng(4);
  const truth = Float64Array.from({ length: width }, () => 1.2 * rng.normal());
  return Array.from({ length: events }, (_, at) => {
    const places = rng.shuffle(Array.from({ length: width }, (_place, place) => place)).slice(0, 5);
    const score = places.reduce((sum, place) => sum + truth[place]!, 0);
    const label = rng.next() < logistic(score) ? 1 : 0;
    return { places, values: [1, 1, 1, 1, 1], label: at < turnAt ? label : 1 - label };
  });
}

function lossesOf(learner: GuardedLearner, events: ReturnType<typeof stream>): number[] {
  return events.map((event) => {
    const told = learner.learn(event, event.label);
    return -Math.log(event.label === 1 ? told : 1 - told);
  });
}
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a guarded learner", () => {
  it("lets the one that remembers all answer in a steady world", () => {
    const learner = new GuardedLearner({ width });
    const losses = lossesOf(learner, stream(5_000));
    expect(learner.answerer).toBe("steady");
    expect(mean(losses.slice(4_000))).toBeLessThan(mean(losses.slice(0, 500)) - 0.05);
  });

  it("is as good as before within 2,000 events after every label has turned round", () => {
    const learner = new GuardedLearner({ width });
    const losses = lossesOf(learner, stream(9_000, 5_000));
    const before = mean(losses.slice(4_000, 5_000));
    expect(mean(losses.slice(5_000, 5_300))).toBeGreaterThan(before + 0.1);
    expect(mean(losses.slice(7_000, 8_000))).toBeLessThan(before + 0.03);
    expect(learner.handovers.some(({ at, from }) => from === "steady" && at > 5_000 && at < 6_000)).toBe(
      true,
    );
  });

  it("answers with the share while labels are noise, so that it never does worse than that for long", () => {
    const rng = seededRng(6);
    const learner = new GuardedLearner({ width });
    const noise = stream(3_000).map((event) => ({ ...event, label: rng.next() < 0.2 ? 1 : 0 }));
    const losses = lossesOf(learner, noise);
    const entropy = -(0.2 * Math.log(0.2) + 0.8 * Math.log(0.8));
    expect(mean(losses.slice(1_000))).toBeLessThan(entropy + 0.02);
  });

  it("refuses a label that is none, and has learned nothing then", () => {
    const learner = new GuardedLearner({ width });
    const event = { places: [1], values: [1] };
    expect(() => learner.learn(event, 0.5)).toThrow("0 or 1");
    expect(learner.predict(event)).toBe(0.5);
  });
});

describe("tastes that follow events", () => {
  const rng = seededRng(11);
  const itemCount = 60;
  const dimensions = 8;
  const items = Float32Array.from({ length: itemCount * dimensions }, () => rng.normal());
  const options = { items, width: dimensions };
  /** Fifty people whose true tastes decide what they take. */
  const truth = Array.from({ length: 50 }, () => Array.from({ length: dimensions }, () => rng.normal()));
  const events: TasteEvent[] = Array.from({ length: 5_000 }, () => {
    const [user, item] = [rng.int(50), rng.int(itemCount)];
    const score = truth[user]!.reduce((sum, value, at) => sum + value * items[item * dimensions + at]!, 0);
    return { user, item, isTaken: rng.next() < logistic(score - 1) };
  });
  const overlap = (a: readonly number[], b: readonly number[]): number => {
    const both = a.filter((item) => b.includes(item)).length;
    return both / (a.length + b.length - both);
  };

  it("lose less on the tail of 5,000 clicks than on their head", () => {
    const learner = new TasteLearner(options);
    const losses = events.map((event) => {
      const told = learner.learn(event);
      return -Math.log(event.isTaken ? told : 1 - told);
    });
    expect(mean(losses.slice(-1_000))).toBeLessThan(mean(losses.slice(0, 1_000)) - 0.1);
  });

  it("agree with a rebuild of the night bit by bit; what was lost is noticed and replaced", () => {
    const live = rebuildTastes(options, events);
    expect(checkNightly(live, options, events)).toEqual({ kind: "agrees", learner: live });
    const lossy = rebuildTastes(options, events.toSpliced(2_000, 1));
    const found = checkNightly(lossy, options, events);
    expect(found.kind).toBe("replaced");
    expect(found.learner.differenceTo(live)).toBe(0);
  });

  it("of one poisoned person move that one alone: the first ten of everybody else overlap by .9 and more", () => {
    const plain = rebuildTastes(options, events);
    const poison = Array.from({ length: 5_000 }, (_, at): TasteEvent => ({
      user: 7,
      item: at % 3,
      isTaken: true,
    }));
    const poisoned = rebuildTastes(options, [...events, ...poison]);
    const others = truth.map((_, user) => user).filter((user) => user !== 7);
    const overlaps = others.map((user) => overlap(plain.top(user, 10), poisoned.top(user, 10)));
    expect(mean(overlaps)).toBeGreaterThanOrEqual(0.9);
    expect(overlap(plain.top(7, 10), poisoned.top(7, 10))).toBeLessThan(0.9);
  });

  it("refuse a thing that there is not", () => {
    expect(() => new TasteLearner(options).learn({ user: 1, item: 60, isTaken: true })).toThrow(
      "no such thing",
    );
  });
});
