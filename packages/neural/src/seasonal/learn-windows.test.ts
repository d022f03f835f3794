import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { loadBackend } from "../backend/load-backend.ts";
import { AdamTable } from "../learning/adam.ts";
import { fitSeasonal, predictSeasonal } from "./fit-seasonal.ts";
import {
  fitSeasonalInTensorflow,
  gradientsInTensorflow,
  predictSeasonalInTensorflow,
} from "./in-tensorflow.ts";
import { windowLearner, type LearnedTables } from "./learn-windows.ts";
import { startTables, tableNames, type SeasonalModel } from "./model.ts";
import type { DemandSeries } from "./seasonal-data.ts";
import { sigmoid, tanh } from "./open-gates.ts";
import { drawWindows, windowsAhead } from "./windows.ts";

const counts = { products: 3, places: 2 };
const rng = seededRng(5);
const series = Array.from({ length: 6 }, (_, at): DemandSeries => ({
  product: at % counts.products,
  place: at % counts.places,
  startWeek: 7 * at,
  isDemanded: Uint8Array.from({ length: 130 }, (_week, week) =>
    rng.next() < 0.5 + 0.4 * Math.sin(week / 8 + at) ? 1 : 0,
  ),
}));

/** Weights well away from where they start, so that gates are open, half open and shut. */
function someModel(): SeasonalModel {
  const tables = startTables(counts, rng.fork("start"));
  for (const name of tableNames) tables[name].forEach((_, at) => (tables[name][at]! += 0.2 * rng.normal()));
  return { ...counts, tables };
}

/** An odd number, and more than go through the weeks at once. */
const windows = drawWindows(series, 37, rng.fork("windows"));

function learned({ tables }: SeasonalModel) {
  const own = Object.fromEntries(
    tableNames.map((name) => [name, new AdamTable(tables[name].slice())]),
  ) as LearnedTables;
  return { own, learn: windowLearner(own) };
}

describe("the gates' curve", () => {
  it("is the logistic function to within 1e-9, and the hyperbolic tangent to within 2e-9", () => {
    for (let x = -40; x <= 40; x += 0.0137) {
      expect(Math.abs(sigmoid(x) - 1 / (1 + Math.exp(-x)))).toBeLessThan(1e-9);
      expect(Math.abs(tanh(x) - Math.tanh(x))).toBeLessThan(2e-9);
    }
    expect(sigmoid(Infinity)).toBeCloseTo(1, 9);
    expect(sigmoid(-Infinity)).toBeCloseTo(0, 9);
  });
});

describe("weeks of which nothing is known", () => {
  const known = Uint8Array.from({ length: 130 }, (_, week) => (week === 100 || week === 129 ? 0 : 1));
  const one = (isKnown?: Uint8Array) => [{ ...series[0]!, isKnown: isKnown ?? new Uint8Array(130).fill(1) }];
  const at = (week: number) => week - (130 + 8 - 60);

  it("are read as such and teach nothing; all the others are as before", () => {
    const masked = windowsAhead(one(known));
    const whole = windowsAhead(one());
    expect(whole).toEqual(windowsAhead([series[0]!]));
    expect([masked.weights[at(100)], masked.weights[at(101)]]).toEqual([0, whole.weights[at(101)]]);
    // A step is told of the week before it: what happened, and whether that is known.
    expect([...masked.steps.subarray(4 * at(101), 4 * at(101) + 2)]).toEqual([0, 0]);
    expect(whole.steps[4 * at(101) + 1]).toBe(1);
    const others = (steps: Float32Array) =>
      steps.filter((_, place) => ![at(101), at(130)].includes(place >> 2));
    expect(others(masked.steps)).toEqual(others(whole.steps));
  });
});

describe("a step of the seasonal network", () => {
  it.each(tableNames)("the gradient of %s is the slope of the loss", (name) => {
    const { own, learn } = learned(someModel());
    learn(windows);
    const { values, gradient } = own[name];
    const found = gradient.slice();
    // A power of two, so that what is added to single precision is what was meant.
    const step = 1 / 1024;
    for (let at = 0; at < values.length; at += Math.max(1, Math.floor(values.length / 12))) {
      const kept = values[at]!;
      values[at] = kept + step;
      const above = learn(windows);
      const reached = values[at]!;
      values[at] = kept - step;
      const below = learn(windows);
      const slope = (above - below) / (reached - values[at]!);
      values[at] = kept;
      expect(Math.abs(found[at]! - slope)).toBeLessThan(1e-5 + 1e-3 * Math.abs(slope));
    }
    expect(Math.max(...found.map(Math.abs))).toBeGreaterThan(1e-4);
  });

  it("has the loss and the gradients that TensorFlow.js derives", async () => {
    const { tf } = await loadBackend(["wasm", "cpu"]);
    const model = someModel();
    const { loss, gradients } = gradientsInTensorflow(tf, model, windows);
    const { own, learn } = learned(model);
    // TensorFlow.js adds up in single precision: sixty weeks back leave about five digits.
    expect(Math.abs(learn(windows) - loss)).toBeLessThan(1e-5 * loss);
    for (const name of tableNames) {
      const largest = Math.max(...gradients[name].map(Math.abs));
      const off = gradients[name].map((value, at) => Math.abs(value - own[name].gradient[at]!));
      expect(Math.max(...off) / largest).toBeLessThan(1e-4);
    }
  });

  it("asks nothing of the tables that the step before has asked already", () => {
    const { own, learn } = learned(someModel());
    learn(windows);
    const once = own.stateToGates.gradient.slice();
    learn(windows);
    own.stateToGates.gradient.forEach((value, at) => expect(value).toBeCloseTo(2 * once[at]!, 6));
  });
});

describe("the seasonal network beside the same in TensorFlow.js", () => {
  it("answers alike for the same weights, to the digits of single precision", async () => {
    const { tf } = await loadBackend(["wasm", "cpu"]);
    const model = someModel();
    const many = Array.from({ length: 45 }, (_, at) => series[at % series.length]!);
    const told = predictSeasonal(model, many).flatMap((own) => [...own]);
    const there = predictSeasonalInTensorflow(tf, model, many).flatMap((own) => [...own]);
    expect(told).toHaveLength(there.length);
    told.forEach((chance, at) => expect(Math.abs(chance - there[at]!)).toBeLessThan(1e-5));
    expect(Math.max(...told) - Math.min(...told)).toBeGreaterThan(0.05);
  });

  it("learns the same: after three epochs from the same draws both tell the same chances", async () => {
    const { tf } = await loadBackend(["wasm", "cpu"]);
    const { numTensors } = tf.memory();
    const options = { epochs: 3, windows: 40, batch: 20, seed: 3 };
    const own = fitSeasonal(series, options);
    const there = fitSeasonalInTensorflow(tf, series, options);
    if (own.kind !== "fitted" || there.kind !== "fitted") throw new Error("too few weeks");
    // A step of Adam is of the size of the rate whatever the gradient's: where that is zero but for rounding, six steps of .005
    // may go either way, so weights are not compared; what they tell is.
    const told = predictSeasonal(own.model, series).flatMap((list) => [...list]);
    const other = predictSeasonalInTensorflow(tf, there.model, series).flatMap((list) => [...list]);
    told.forEach((chance, at) => expect(Math.abs(chance - other[at]!)).toBeLessThan(1e-3));
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
