import type { Rng } from "@almanac/kernel";
import { logistic } from "@almanac/ml";
import type { FeatureTable } from "@almanac/ml";
import { AdamTable } from "../factors/adam-table.ts";
import { inputSteps, readColumnInputs } from "./column-inputs.ts";

const units = 16;
/** Times that every row is learned at least, rows of one step, and the learning rate at its highest. */
const fewestRounds = 4;
const blockRows = 256;
/** Few rows are learned more often, until these steps are made. */
const wantedSteps = 500;
const mostRounds = 40;
const pace = 0.003;
/** Share of the steps in which the pace rises; after it falls along a cosine. */
const warmUp = 0.05;
/** What a unit says that is not active, so that none is lost. */
const leak = 0.01;

export interface ColumnLessons {
  readonly features: FeatureTable;
  /** 0 or 1 a row. */
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** @returns log-odds, one a row */
export type ColumnNetwork = (features: FeatureTable) => Float64Array;

/**
 * Log-odds by one layer of hidden units beside a linear model, over the same columns as boosted trees: smooth where those have
 * steps, so that the two err at different rows. Logistic loss, steps by Adam on blocks of shuffled rows.
 *
 * Kingma & Ba (2015), "Adam"; the linear model beside the units after Cheng et al. (2016), "Wide & Deep Learning".
 */
export function fitColumnNetwork({ features, labels, weights }: ColumnLessons, rng: Rng): ColumnNetwork {
  const inputs = readColumnInputs(features);
  const { count } = inputs;
  const rowCount = labels.length;
  const encoded = new Int8Array(rowCount * count);
  for (let row = 0; row < rowCount; row++)
    inputs.write(features.values, row * features.width, encoded, row * count);
  const net = new Layers(count, meanOf(labels, weights), rng.fork("start"));
  const order = Int32Array.from({ length: rowCount }, (_, row) => row);
  const blocks = Math.ceil(rowCount / blockRows);
  const rounds = Math.min(mostRounds, Math.max(fewestRounds, Math.ceil(wantedSteps / Math.max(1, blocks))));
  const draw = rng.fork("order");
  for (let round = 0; round < rounds; round++) {
    shuffle(order, draw);
    for (let block = 0; block < blocks; block++) {
      const end = Math.min(rowCount, (block + 1) * blockRows);
      for (let at = block * blockRows; at < end; at++) {
        const row = order[at]!;
        const odds = net.read(encoded, row * count);
        net.learn(weights[row]! * (logistic(odds) - labels[row]!));
      }
      const done = (round * blocks + block + 1) / (rounds * blocks);
      net.step(end - block * blockRows, paceAt(done));
    }
  }
  const row = new Int8Array(count);
  return ({ width, values }) =>
    Float64Array.from({ length: values.length / width }, (_, at) => {
      inputs.write(values, at * width, row, 0);
      return net.read(row, 0);
    });
}

/** The share of the full pace after a share of the steps. */
function paceAt(done: number): number {
  return done < warmUp ? done / warmUp : 0.5 * (1 + Math.cos(Math.PI * done));
}

/** All parameters in one row: the weights of each unit, theirs to the answer and the linear ones, biases among them. */
class Layers {
  readonly #table: AdamTable;
  readonly #slopes: Float64Array;
  readonly #inputs: Float64Array;
  readonly #active: Float64Array;
  readonly #toAnswer: number;
  readonly #linear: number;

  constructor(count: number, share: number, rng: Rng) {
    const perUnit = count + 1;
    this.#toAnswer = units * perUnit;
    this.#linear = this.#toAnswer + units;
    const size = this.#linear + perUnit;
    this.#table = new AdamTable(1, size, 0, rng, { learningRate: pace, weightDecay: 0 });
    this.#slopes = new Float64Array(size);
    // The last input is 1: its weights are the biases.
    this.#inputs = new Float64Array(perUnit).fill(1);
    this.#active = new Float64Array(units);
    const { values } = this.#table;
    for (let at = 0; at < this.#toAnswer; at++)
      if (at % perUnit < count) values[at] = rng.normal() / Math.sqrt(Math.max(1, count));
    for (let unit = 0; unit < units; unit++)
      values[this.#toAnswer + unit] = (0.3 * rng.normal()) / Math.sqrt(units);
    values[this.#linear + count] = Math.log(share / (1 - share));
  }

  /** The log-odds of the row that begins at `start`. */
  read(encoded: Int8Array, start: number): number {
    const inputs = this.#inputs;
    const { values } = this.#table;
    const width = inputs.length;
    for (let k = 0; k + 1 < width; k++) inputs[k] = encoded[start + k]! / inputSteps;
    let odds = dot(values, this.#linear, inputs);
    for (let unit = 0; unit < units; unit++) {
      const sum = dot(values, unit * width, inputs);
      this.#active[unit] = sum > 0 ? sum : leak * sum;
      odds += values[this.#toAnswer + unit]! * this.#active[unit]!;
    }
    return odds;
  }

  /** Adds the slopes of the row that was read last. */
  learn(slope: number): void {
    const inputs = this.#inputs;
    const slopes = this.#slopes;
    const { values } = this.#table;
    const width = inputs.length;
    addScaled(slopes, this.#linear, inputs, slope);
    for (let unit = 0; unit < units; unit++) {
      const active = this.#active[unit]!;
      slopes[this.#toAnswer + unit]! += slope * active;
      const back = slope * values[this.#toAnswer + unit]! * (active > 0 ? 1 : leak);
      addScaled(slopes, unit * width, inputs, back);
    }
  }

  /** Moves against the mean slope of `rows` rows, and forgets them. */
  step(rows: number, share: number): void {
    const slopes = this.#slopes;
    for (let at = 0; at < slopes.length; at++) slopes[at]! /= rows;
    this.#table.descend(0, slopes, share);
    slopes.fill(0);
  }
}

/** Four sums side by side: one alone would wait for itself. */
function dot(values: Float64Array, start: number, other: Float64Array): number {
  const whole = other.length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  for (; k < whole; k += 4) {
    a += values[start + k]! * other[k]!;
    b += values[start + k + 1]! * other[k + 1]!;
    c += values[start + k + 2]! * other[k + 2]!;
    d += values[start + k + 3]! * other[k + 3]!;
  }
  for (; k < other.length; k++) a += values[start + k]! * other[k]!;
  return a + b + (c + d);
}

function addScaled(values: Float64Array, start: number, other: Float64Array, scale: number): void {
  const whole = other.length & ~3;
  let k = 0;
  for (; k < whole; k += 4) {
    values[start + k]! += scale * other[k]!;
    values[start + k + 1]! += scale * other[k + 1]!;
    values[start + k + 2]! += scale * other[k + 2]!;
    values[start + k + 3]! += scale * other[k + 3]!;
  }
  for (; k < other.length; k++) values[start + k]! += scale * other[k]!;
}

/** The weighted share of rows with label 1, kept away from 0 and 1. */
function meanOf(labels: ArrayLike<number>, weights: ArrayLike<number>): number {
  let [taken, total] = [0.5, 1];
  for (let row = 0; row < labels.length; row++) {
    taken += weights[row]! * labels[row]!;
    total += weights[row]!;
  }
  return taken / total;
}

function shuffle(order: Int32Array, rng: Rng): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(rng.next() * (at + 1));
    const row = order[at]!;
    order[at] = order[other]!;
    order[other] = row;
  }
}
