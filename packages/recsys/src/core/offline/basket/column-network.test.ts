import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { inputSteps, readColumnInputs } from "./column-inputs.ts";
import { fitColumnNetwork } from "./column-network.ts";

/** Rows of two columns, drawn anew from -1 to 1. */
function drawn(rows: number, seed: number): Float32Array {
  const rng = seededRng(seed);
  return Float32Array.from({ length: 2 * rows }, () => 2 * rng.next() - 1);
}

/** Whether just one of both columns is above 0. */
function differ(values: Float32Array): Float32Array {
  return Float32Array.from({ length: values.length / 2 }, (_, row) =>
    values[2 * row]! * values[2 * row + 1]! < 0 ? 1 : 0,
  );
}

function lessonsOf(values: Float32Array, labels: Float32Array) {
  return { features: { width: 2, values }, labels, weights: labels.map(() => 1) };
}

describe("a network over columns", () => {
  const values = drawn(6_000, 1);
  const lessons = lessonsOf(values, differ(values));

  it("learns an exclusive or, which no sum of columns can, and the same from the same seed", () => {
    const others = { width: 2, values: drawn(500, 2) };
    const labels = differ(others.values);
    const odds = fitColumnNetwork(lessons, seededRng(1))(others);
    const right = odds.filter((value, row) => value > 0 === labels[row]! > 0.5).length;
    expect(right / odds.length).toBeGreaterThan(0.9);
    expect(fitColumnNetwork(lessons, seededRng(1))(others)).toEqual(odds);
  });

  it("gives the share of those taken, by weight, where columns say nothing", () => {
    const labels = Float32Array.from({ length: 600 }, (_, row) => (row % 4 === 0 ? 1 : 0));
    const network = fitColumnNetwork(
      {
        features: { width: 1, values: new Float32Array(600) },
        labels,
        weights: labels.map((y) => 1 + 2 * y),
      },
      seededRng(1),
    );
    const [odds] = network({ width: 1, values: new Float32Array(1) });
    expect(odds).toBeCloseTo(0, 1);
  });
});

describe("inputs of a network", () => {
  it("say what is not known, and keep what is far off within bounds", () => {
    const values = Float32Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? NaN : row));
    const inputs = readColumnInputs({ width: 1, values });
    const read = (value: number): number[] => {
      const row = new Int8Array(inputs.count);
      inputs.write([value], 0, row, 0);
      return [...row];
    };
    expect(read(NaN)).toEqual([0, 0, inputSteps]);
    const [place, size, isUnknown] = read(1e30);
    expect(isUnknown).toBe(0);
    expect(place).toBe(Math.round(1.7 * inputSteps));
    expect(size).toBeLessThan(128);
    expect(read(200)[0]).toBeLessThan(read(210)[0]!);
  });

  it("leave out columns that are always the same or hardly known", () => {
    const values = Float32Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 3 : at < 20 ? at : NaN));
    expect(readColumnInputs({ width: 2, values }).count).toBe(0);
  });
});
