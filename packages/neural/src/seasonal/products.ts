import { hidden } from "./model.ts";
import { blockRows, gateWidth, readWidth } from "./sizes.ts";
import type { Unrolled } from "./unrolled.ts";

// Under names of this file: see open-gates.ts.
const [units, block, gatesOf, width] = [hidden, blockRows, gateWidth, readWidth];

/** What a week's gates ask of what is read: adds [gateWidth, rows] x [rows, readWidth] to `sums`. */
export function addGatesByReads(
  { gates, reads, rows }: Pick<Unrolled, "gates" | "reads" | "rows">,
  step: number,
  sums: Float64Array,
): void {
  const gatesAt = step * block * gatesOf;
  const readsAt = step * block * width;
  for (let gate = 0; gate < gatesOf; gate += 4) {
    for (let k = 0; k < width; k += 2) {
      const r0 = gate * width + k;
      const r1 = r0 + width;
      const r2 = r1 + width;
      const r3 = r2 + width;
      let a0 = sums[r0]!;
      let a1 = sums[r1]!;
      let a2 = sums[r2]!;
      let a3 = sums[r3]!;
      let b0 = sums[r0 + 1]!;
      let b1 = sums[r1 + 1]!;
      let b2 = sums[r2 + 1]!;
      let b3 = sums[r3 + 1]!;
      let g = gatesAt + gate;
      let r = readsAt + k;
      for (let row = 0; row < rows; row++, g += gatesOf, r += width) {
        const a = reads[r]!;
        const b = reads[r + 1]!;
        const g0 = gates[g]!;
        const g1 = gates[g + 1]!;
        const g2 = gates[g + 2]!;
        const g3 = gates[g + 3]!;
        a0 += a * g0;
        a1 += a * g1;
        a2 += a * g2;
        a3 += a * g3;
        b0 += b * g0;
        b1 += b * g1;
        b2 += b * g2;
        b3 += b * g3;
      }
      sums[r0] = a0;
      sums[r1] = a1;
      sums[r2] = a2;
      sums[r3] = a3;
      sums[r0 + 1] = b0;
      sums[r1 + 1] = b1;
      sums[r2 + 1] = b2;
      sums[r3 + 1] = b3;
    }
  }
}

/** What a week's gates ask of the state before it: [rows, gateWidth] x [gateWidth, hidden], written to `state`. */
export function gatesToState(
  { gates, rows }: Pick<Unrolled, "gates" | "rows">,
  step: number,
  fromState: Float64Array,
  state: Float64Array,
): void {
  for (let row = 0; row < rows; row += 2) {
    const first = (step * block + row) * gatesOf;
    const second = first + gatesOf;
    for (let unit = 0; unit < units; unit += 4) {
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      let at = unit;
      for (let gate = 0; gate < gatesOf; gate++, at += units) {
        const a = gates[first + gate]!;
        const b = gates[second + gate]!;
        const w0 = fromState[at]!;
        const w1 = fromState[at + 1]!;
        const w2 = fromState[at + 2]!;
        const w3 = fromState[at + 3]!;
        a0 += a * w0;
        a1 += a * w1;
        a2 += a * w2;
        a3 += a * w3;
        b0 += b * w0;
        b1 += b * w1;
        b2 += b * w2;
        b3 += b * w3;
      }
      const own = row * units + unit;
      const other = own + units;
      state[own] = a0;
      state[own + 1] = a1;
      state[own + 2] = a2;
      state[own + 3] = a3;
      state[other] = b0;
      state[other + 1] = b1;
      state[other + 2] = b2;
      state[other + 3] = b3;
    }
  }
}
