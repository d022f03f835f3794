import { gateCount, hidden, placeWidth, productWidth, whoWidth, type TableName } from "./model.ts";
import { stepWidth, windowWeeks } from "./seasonal-data.ts";
import { openGates } from "./open-gates.ts";
import { blockRows, gateWidth, readWidth } from "./sizes.ts";
import type { Unrolled } from "./unrolled.ts";
import type { Windows } from "./windows.ts";

/** The tables of a network in the order in which a step asks for them. */
export interface PackedNetwork {
  /** Unit by unit, of each number that is read, of each gate: [hidden, readWidth, gateCount]. */
  readonly fromReads: Float64Array;
  /** The part of the state the other way round, for the way back: [gateWidth, hidden]. */
  readonly fromState: Float64Array;
  /** Gate by gate of unit by unit: [gateWidth, whoWidth]. */
  readonly fromWho: Float64Array;
  readonly bias: Float64Array;
  readonly answer: Float64Array;
  readonly answerBias: number;
  readonly tables: Readonly<Record<TableName, Float32Array>>;
}

/** The table's row of a gate that stands at `at` of a window's gates. */
export const rowOfGate = (at: number): number => (at % gateCount) * hidden + Math.floor(at / gateCount);

export function packNetwork(tables: Readonly<Record<TableName, Float32Array>>): PackedNetwork {
  const fromReads = new Float64Array(gateWidth * readWidth);
  const fromState = new Float64Array(gateWidth * hidden);
  const fromWho = new Float64Array(gateWidth * whoWidth);
  const bias = new Float64Array(gateWidth);
  for (let at = 0; at < gateWidth; at++) {
    const row = rowOfGate(at);
    const [unit, gate] = [Math.floor(at / gateCount), at % gateCount];
    for (let k = 0; k < readWidth; k++)
      fromReads[(unit * readWidth + k) * gateCount + gate] =
        k < stepWidth
          ? tables.stepToGates[row * stepWidth + k]!
          : tables.stateToGates[row * hidden + k - stepWidth]!;
    for (let k = 0; k < hidden; k++) fromState[at * hidden + k] = tables.stateToGates[row * hidden + k]!;
    for (let k = 0; k < whoWidth; k++) fromWho[at * whoWidth + k] = tables.whoToGates[row * whoWidth + k]!;
    bias[at] = tables.gateBias[row]!;
  }
  const answer = Float64Array.from(tables.answer);
  return { fromReads, fromState, fromWho, bias, answer, answerBias: tables.answerBias[0]!, tables };
}

/** Takes the windows from `from` on, up to a block of them, through all weeks. */
export function unroll(network: PackedNetwork, windows: Windows, from: number, run: Unrolled): void {
  run.count = Math.min(blockRows, windows.size - from);
  run.rows = run.count + (run.count % 2);
  readWho(network, windows, from, run);
  readSteps(windows, from, run);
  for (let step = 0; step < windowWeeks; step++) {
    openGates(network.fromReads, run, step);
    answerStep(network, run, step);
  }
}

function readWho({ fromWho, bias, tables }: PackedNetwork, windows: Windows, from: number, run: Unrolled) {
  const { who, whoGates, count, rows } = run;
  const { productVectors, placeVectors } = tables;
  for (let row = 0; row < rows; row++) {
    const isReal = row < count;
    const product = isReal ? windows.products[from + row]! : 0;
    const place = isReal ? windows.places[from + row]! : 0;
    for (let k = 0; k < productWidth; k++)
      who[row * whoWidth + k] = productVectors[product * productWidth + k]!;
    for (let k = 0; k < placeWidth; k++)
      who[row * whoWidth + productWidth + k] = placeVectors[place * placeWidth + k]!;
    for (let at = 0; at < gateWidth; at++) {
      let sum = bias[at]!;
      for (let k = 0; k < whoWidth; k++) sum += fromWho[at * whoWidth + k]! * who[row * whoWidth + k]!;
      whoGates[row * gateWidth + at] = sum;
    }
  }
}

function readSteps({ steps, size }: Windows, from: number, { reads, memory, count, rows }: Unrolled): void {
  reads.fill(0);
  memory.fill(0, 0, rows * hidden);
  for (let step = 0; step < windowWeeks; step++)
    for (let k = 0; k < stepWidth; k++)
      for (let row = 0; row < count; row++)
        reads[(step * blockRows + row) * readWidth + k] = steps[(step * stepWidth + k) * size + from + row]!;
}

function answerStep({ answer, answerBias }: PackedNetwork, { reads, logits, rows }: Unrolled, step: number) {
  for (let row = 0; row < rows; row++) {
    const state = ((step + 1) * blockRows + row) * readWidth + stepWidth;
    let sum = answerBias;
    for (let unit = 0; unit < hidden; unit++) sum += answer[unit]! * reads[state + unit]!;
    logits[step * blockRows + row] = sum;
  }
}
