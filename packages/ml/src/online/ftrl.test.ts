import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { fitLogisticRegression, predictLogisticRegression } from "../linear/logistic-regression.ts";
import { areaUnderCurve } from "../metrics/binary.ts";
import { logistic } from "../trees/losses.ts";
import { FtrlRegression } from "./ftrl.ts";

const width = 30;

/** Events with five of thirty places, and labels by fixed weights, turned round from `turnAt` on. */
function stream(events: number, turnAt = Infinity, seed = 4) {
  const rng = seededRng(seed);
  const truth = Float64Array.from({ length: width }, () => 1.2 * rng.normal());
  return Array.from({ length: events }, (_, at) => {
    const places = rng
      .shuffle(Array.from({ length: width }, (_, place) => place))
      .slice(0, 5)
      .sort((a, b) => a - b);
    const score = places.reduce((sum, place) => sum + truth[place]!, 0);
    const label = rng.next() < logistic(at < turnAt ? score : -score) ? 1 : 0;
    return { places, values: places.map(() => 1), label };
  });
}

const learnAll = (model: FtrlRegression, events: ReturnType<typeof stream>): number[] =>
  events.map((event) => model.learn(event, event.label));

describe("FTRL, worked by hand", () => {
  it("moves one weight by the first event as the algorithm says", () => {
    const model = new FtrlRegression({ width: 1, rate: 0.5, slowing: 1, ridge: 1 });
    expect(model.learn({ places: [0], values: [1] }, 1)).toBe(0.5);
    // z = -.5, n = .25: w = .5 / ((1 + .5) / .5 + 1) = .125; the intercept has no ridge: .5 / 3.
    expect(model.weight(0)).toBeCloseTo(0.125, 12);
    expect(model.weight(1)).toBeCloseTo(1 / 6, 12);
  });

  it("keeps a weight at 0 until its pull is stronger than the penalty", () => {
    const model = new FtrlRegression({ width: 1, lasso: 0.6 });
    model.learn({ places: [0], values: [1] }, 1);
    expect(model.weight(0)).toBe(0);
    for (let at = 0; at < 5; at++) model.learn({ places: [0], values: [1] }, 1);
    expect(model.weight(0)).toBeGreaterThan(0);
  });
});

describe("the mean of weights over time, which answers", () => {
  it.each([0, 1, 3])("is that of all moments, t^%i each less the one before", (averaging) => {
    const model = new FtrlRegression({ width, averaging });
    const sums = new Float64Array(width + 1);
    const events = stream(200);
    for (const [at, event] of events.entries()) {
      model.learn(event, event.label);
      const counts = averaging === 0 ? 0 : (at + 1) ** averaging - at ** averaging;
      for (let place = 0; place <= width; place++) sums[place]! += counts * model.weight(place);
    }
    for (let place = 0; place <= width; place++) {
      const mean = averaging === 0 ? model.weight(place) : sums[place]! / events.length ** averaging;
      expect(model.averageWeight(place)).toBeCloseTo(mean, 10);
    }
  });
});

describe("online learning", () => {
  it("ranks the second half of one pass as well as a batch fit on the first half, within .002", () => {
    const events = stream(8_000);
    const said = learnAll(new FtrlRegression({ width }), events);
    const half = events.length / 2;
    const rows = (part: typeof events) => ({
      width,
      offsets: Int32Array.from({ length: part.length + 1 }, (_, at) => 5 * at),
      index: Int32Array.from(part.flatMap(({ places }) => places)),
      value: Float32Array.from(part.flatMap(({ values }) => values)),
    });
    const labels = events.map(({ label }) => label);
    const batch = fitLogisticRegression(rows(events.slice(0, half)), labels.slice(0, half), 1);
    const batchAuc = areaUnderCurve(
      predictLogisticRegression(batch, rows(events.slice(half))),
      labels.slice(half),
    );
    expect(batchAuc).toBeGreaterThan(0.8);
    expect(areaUnderCurve(said.slice(half), labels.slice(half))).toBeGreaterThan(batchAuc - 0.002);
  });

  it("follows labels that turn round within 2,000 events where it forgets, and not where it does not", () => {
    /** On the same last thousand events, 2,000 after the turn: learned from a world that turned, or never was another. */
    const lastThousand = (turnAt: number, forgetting: number): number => {
      const events = stream(9_000, turnAt);
      const said = learnAll(new FtrlRegression({ width, forgetting }), events).slice(8_000);
      return areaUnderCurve(
        said,
        events.slice(8_000).map(({ label }) => label),
      );
    };
    expect(lastThousand(6_000, 0.01)).toBeGreaterThan(lastThousand(0, 0.01) - 0.005);
    expect(lastThousand(6_000, 0)).toBeLessThan(lastThousand(0, 0) - 0.1);
  });

  it("lets nobody move the weights of places that are not theirs", () => {
    const model = new FtrlRegression({ width: 3 });
    for (let at = 0; at < 200; at++) model.learn({ places: [at % 2], values: [1] }, at % 2);
    const others = [model.weight(0), model.weight(1)];
    for (let at = 0; at < 1_000; at++) model.learn({ places: [2], values: [1] }, at % 3 === 0 ? 1 : 0);
    expect([model.weight(0), model.weight(1)]).toEqual(others);
  });

  it.each<[string, number[], number[], number]>([
    ["a place out of range", [3], [1], 1],
    ["a value that is no number", [0], [NaN], 1],
    ["a value too few", [0, 1], [1], 1],
    ["a label between", [0], [1], 0.5],
  ])("refuses %s and learns nothing from it", (_, places, values, label) => {
    const model = new FtrlRegression({ width: 3 });
    expect(() => model.learn({ places, values }, label)).toThrow();
    expect(model.predict({ places: [0], values: [1] })).toBe(0.5);
  });
});
