import { gateCount, hidden } from "./model.ts";
import { stepWidth } from "./seasonal-data.ts";
import { blockRows, gateWidth, readWidth } from "./sizes.ts";
import type { Unrolled } from "./unrolled.ts";

// Sizes under names of this file, and the gates' curve in it: what a loop asks for at every turn must not be looked up in
// another module, which costs six times as much wherever a loader stands between them.
const [units, gatesOfUnit, numbers] = [hidden, gateCount, stepWidth];
const [block, gatesOf, width] = [blockRows, gateWidth, readWidth];

/** Beyond this the gate is taken to stand where it stands here: 4e-11 from the end. */
const edge = 24;
const nodesPerUnit = 32;
const nodes = Float64Array.from(
  { length: 2 * edge * nodesPerUnit + 1 },
  (_, at) => 1 / (1 + Math.exp(edge - at / nodesPerUnit)),
);

/**
 * 1 / (1 + e^-x) to within 1e-9, from the nearest of 1,537 nodes and the series around it: the slopes of this function are
 * polynomials of its value, so one look-up is enough. Neither an exponential nor a division, which takes a third of the time
 * of `Math.exp`; a week of a window asks for five of them a unit.
 *
 * @param x any number but NaN
 * @returns in (0, 1)
 */
export function sigmoid(x: number): number {
  const inside = x < -edge ? -edge : x > edge ? edge : x;
  const place = (inside + edge) * nodesPerUnit;
  const node = (place + 0.5) | 0;
  const step = (place - node) / nodesPerUnit;
  const value = nodes[node]!;
  const slope = value * (1 - value);
  return value + step * slope * (1 + step * ((1 - 2 * value) * (1 / 2) + step * (1 - 6 * slope) * (1 / 6)));
}

/** The hyperbolic tangent to within 2e-9. */
export const tanh = (x: number): number => 2 * sigmoid(2 * x) - 1;

/** One week of all windows of the block: gates, memory, and the state that the next week reads. */
export function openGates(fromReads: Float64Array, run: Unrolled, step: number): void {
  sumGates(fromReads, run, step);
  bendGates(run, step);
}

/** Two windows and the four gates of a unit at a time, so that eight sums stay in registers over all numbers that are read. */
function sumGates(fromReads: Float64Array, run: Unrolled, step: number): void {
  const { reads, whoGates, gates, rows } = run;
  const readsAt = step * block * width;
  const gatesAt = step * block * gatesOf;
  for (let row = 0; row < rows; row += 2) {
    const first = readsAt + row * width;
    const second = first + width;
    for (let unit = 0; unit < units; unit++) {
      const own = row * gatesOf + unit * gatesOfUnit;
      const other = own + gatesOf;
      let a0 = whoGates[own]!;
      let a1 = whoGates[own + 1]!;
      let a2 = whoGates[own + 2]!;
      let a3 = whoGates[own + 3]!;
      let b0 = whoGates[other]!;
      let b1 = whoGates[other + 1]!;
      let b2 = whoGates[other + 2]!;
      let b3 = whoGates[other + 3]!;
      let at = unit * width * gatesOfUnit;
      for (let k = 0; k < width; k++, at += gatesOfUnit) {
        const a = reads[first + k]!;
        const b = reads[second + k]!;
        const w0 = fromReads[at]!;
        const w1 = fromReads[at + 1]!;
        const w2 = fromReads[at + 2]!;
        const w3 = fromReads[at + 3]!;
        a0 += a * w0;
        a1 += a * w1;
        a2 += a * w2;
        a3 += a * w3;
        b0 += b * w0;
        b1 += b * w1;
        b2 += b * w2;
        b3 += b * w3;
      }
      const to = gatesAt + own;
      gates[to] = a0;
      gates[to + 1] = a1;
      gates[to + 2] = a2;
      gates[to + 3] = a3;
      gates[to + gatesOf] = b0;
      gates[to + gatesOf + 1] = b1;
      gates[to + gatesOf + 2] = b2;
      gates[to + gatesOf + 3] = b3;
    }
  }
}

/** A loop of its own: sums that are handed from function to function would each become an object. */
function bendGates({ gates, memory, bent, reads, rows }: Unrolled, step: number): void {
  for (let row = 0; row < rows; row++) {
    const from = (step * block + row) * units;
    const shownAt = ((step + 1) * block + row) * width + numbers;
    for (let unit = 0; unit < units; unit++) {
      const place = from + unit;
      const at = place * gatesOfUnit;
      const takes = sigmoid(gates[at]!);
      const keeps = sigmoid(gates[at + 1]!);
      const shows = sigmoid(gates[at + 2]!);
      const news = tanh(gates[at + 3]!);
      const next = keeps * memory[place]! + takes * news;
      const seen = tanh(next);
      gates[at] = takes;
      gates[at + 1] = keeps;
      gates[at + 2] = shows;
      gates[at + 3] = news;
      memory[place + block * units] = next;
      bent[place] = seen;
      reads[shownAt + unit] = shows * seen;
    }
  }
}
