import { gateCount, hidden } from "./model.ts";
import { stepWidth } from "./seasonal-data.ts";
import { blockRows, readWidth } from "./sizes.ts";
import type { Slopes } from "./slopes.ts";
import type { Unrolled } from "./unrolled.ts";

// Under names of this file: see open-gates.ts.
const [units, gatesOfUnit, numbers, block, width] = [hidden, gateCount, stepWidth, blockRows, readWidth];

/** Back through one week's memory and gates: in place of what the gates were stands then what the loss asks of them. */
export function closeGates(answer: Float64Array, run: Unrolled, slopes: Slopes, step: number): void {
  const { gates, memory, bent, reads, rows } = run;
  const { state, whoGates, answer: answerSlope } = slopes;
  for (let row = 0; row < rows; row++) {
    const slope = slopes.logits[step * block + row]!;
    const own = row * units;
    const from = (step * block + row) * units;
    const shownAt = ((step + 1) * block + row) * width + numbers;
    for (let unit = 0; unit < units; unit++) {
      const at = (from + unit) * gatesOfUnit;
      const who = (own + unit) * gatesOfUnit;
      const takes = gates[at]!;
      const keeps = gates[at + 1]!;
      const shows = gates[at + 2]!;
      const news = gates[at + 3]!;
      const seen = bent[from + unit]!;
      answerSlope[unit]! += slope * reads[shownAt + unit]!;
      const ofState = state[own + unit]! + slope * answer[unit]!;
      const ofMemory = slopes.memory[own + unit]! + ofState * shows * (1 - seen * seen);
      const taken = ofMemory * news * takes * (1 - takes);
      const kept = ofMemory * memory[from + unit]! * keeps * (1 - keeps);
      const shown = ofState * seen * shows * (1 - shows);
      const fresh = ofMemory * takes * (1 - news * news);
      gates[at] = taken;
      gates[at + 1] = kept;
      gates[at + 2] = shown;
      gates[at + 3] = fresh;
      whoGates[who]! += taken;
      whoGates[who + 1]! += kept;
      whoGates[who + 2]! += shown;
      whoGates[who + 3]! += fresh;
      slopes.memory[own + unit] = ofMemory * keeps;
    }
  }
}
