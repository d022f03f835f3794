import type { AdamTable } from "../learning/adam.ts";
import { addGatesByReads, gatesToState } from "./products.ts";
import { hidden, placeWidth, productWidth, tableNames, whoWidth, type TableName } from "./model.ts";
import { stepWidth, windowWeeks } from "./seasonal-data.ts";
import { closeGates } from "./close-gates.ts";
import { blockRows, gateWidth, readWidth } from "./sizes.ts";
import { packNetwork, rowOfGate, unroll, type PackedNetwork } from "./unroll.ts";
import { emptySlopes, type Slopes } from "./slopes.ts";
import { emptyUnrolled, type Unrolled } from "./unrolled.ts";
import type { Windows } from "./windows.ts";

export type LearnedTables = Readonly<Record<TableName, AdamTable>>;

/** Pulls the vectors of products and places towards zero: times the mean square of those of a batch. */
export const vectorRidge = 0.001;

/**
 * What adds to the gradients of all tables those of one batch of windows, through all of their weeks: cross-entropy by the
 * weights of the weeks, and the penalty on vectors. Windows go through the weeks a block at a time, so that what a pass leaves
 * behind for the way back stays near; the gates of all windows of a block are one product a week, forwards and back.
 *
 * Werbos (1990), "Backpropagation through time: what it does and how to do it".
 *
 * @returns a function that answers with the loss before the step, the penalty included; its room is kept from call to call
 */
export function windowLearner(tables: LearnedTables): (windows: Windows) => number {
  const run = emptyUnrolled();
  const slopes = emptySlopes();
  return (windows) => {
    const network = packNetwork(valuesOf(tables));
    const total = windows.weights.reduce((sum, weight) => sum + weight, 0);
    let loss = 0;
    for (let from = 0; from < windows.size; from += blockRows) {
      unroll(network, windows, from, run);
      loss += slopeOfLogits(run, windows, from, total, slopes);
      goBack(network, run, slopes);
      loss += learnWho(tables, network, windows, from, run, slopes);
    }
    unpackSlopes(tables, slopes);
    return loss;
  };
}

function goBack(network: PackedNetwork, run: Unrolled, slopes: Slopes): void {
  for (const started of [slopes.whoGates, slopes.state, slopes.memory]) started.fill(0);
  for (let step = windowWeeks - 1; step >= 0; step--) {
    closeGates(network.answer, run, slopes, step);
    addGatesByReads(run, step, slopes.fromReads);
    gatesToState(run, step, network.fromState, slopes.state);
  }
}

const valuesOf = (tables: LearnedTables): Record<TableName, Float32Array> =>
  Object.fromEntries(tableNames.map((name) => [name, tables[name].values])) as Record<
    TableName,
    Float32Array
  >;

/** @returns the block's part of the cross-entropy */
function slopeOfLogits(run: Unrolled, windows: Windows, from: number, total: number, slopes: Slopes): number {
  const { logits, count } = run;
  slopes.logits.fill(0);
  let loss = 0;
  for (let step = 0; step < windowWeeks; step++) {
    for (let row = 0; row < count; row++) {
      const place = step * windows.size + from + row;
      const share = windows.weights[place]! / total;
      if (share === 0) continue;
      const label = windows.labels[place]!;
      const at = step * blockRows + row;
      const probability = 1 / (1 + Math.exp(-logits[at]!));
      slopes.logits[at] = share * (probability - label);
      slopes.answerBias += slopes.logits[at]!;
      const told = label === 1 ? probability : 1 - probability;
      loss -= share * Math.log(Math.max(1e-7, told));
    }
  }
  return loss;
}

/** Back to whose weeks these were. @returns the block's part of the penalty */
function learnWho(
  tables: LearnedTables,
  { fromWho }: PackedNetwork,
  windows: Windows,
  from: number,
  { who, count }: Unrolled,
  slopes: Slopes,
): number {
  const asked = new Float64Array(whoWidth);
  let penalty = 0;
  for (let row = 0; row < count; row++) {
    asked.fill(0);
    const own = row * whoWidth;
    for (let at = 0; at < gateWidth; at++) {
      const slope = slopes.whoGates[row * gateWidth + at]!;
      slopes.bias[at]! += slope;
      for (let k = 0; k < whoWidth; k++) {
        slopes.fromWho[at * whoWidth + k]! += slope * who[own + k]!;
        asked[k]! += slope * fromWho[at * whoWidth + k]!;
      }
    }
    const product = windows.products[from + row]! * productWidth;
    const place = windows.places[from + row]! * placeWidth;
    for (let k = 0; k < whoWidth; k++) {
      const isProduct = k < productWidth;
      const table = isProduct ? tables.productVectors : tables.placeVectors;
      const at = isProduct ? product + k : place + k - productWidth;
      const shrink = vectorRidge / (windows.size * (isProduct ? productWidth : placeWidth));
      const value = who[own + k]!;
      table.gradient[at]! += asked[k]! + 2 * shrink * value;
      penalty += shrink * value * value;
    }
  }
  return penalty;
}

/** Adds what was gathered to the tables' gradients, and begins anew. */
function unpackSlopes(tables: LearnedTables, slopes: Slopes): void {
  for (let at = 0; at < gateWidth; at++) {
    const row = rowOfGate(at);
    tables.gateBias.gradient[row]! += slopes.bias[at]!;
    for (let k = 0; k < whoWidth; k++)
      tables.whoToGates.gradient[row * whoWidth + k]! += slopes.fromWho[at * whoWidth + k]!;
    for (let k = 0; k < stepWidth; k++)
      tables.stepToGates.gradient[row * stepWidth + k]! += slopes.fromReads[at * readWidth + k]!;
    for (let k = 0; k < hidden; k++)
      tables.stateToGates.gradient[row * hidden + k]! += slopes.fromReads[at * readWidth + stepWidth + k]!;
  }
  for (let unit = 0; unit < hidden; unit++) tables.answer.gradient[unit]! += slopes.answer[unit]!;
  tables.answerBias.gradient[0]! += slopes.answerBias;
  for (const gathered of [slopes.fromReads, slopes.fromWho, slopes.bias, slopes.answer]) gathered.fill(0);
  slopes.answerBias = 0;
}
