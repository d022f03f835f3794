import type { AdamTable } from "../learning/adam.ts";
import { joint, tower, type TableName } from "./model.ts";

export type LearnedTables = Readonly<Record<TableName, AdamTable>>;

/** Choices with the things that were drawn beside them: `width` things for each person, the chosen one first. */
export interface Groups {
  /** Things of a group. */
  readonly width: number;
  readonly users: Int32Array;
  /** Group by group. */
  readonly items: Int32Array;
}

export interface Batch {
  readonly groups: Groups;
  /** Places of its groups. */
  readonly places: Int32Array;
  /** Person by person. */
  readonly features: Float32Array;
  readonly featureCount: number;
  /** L2 penalty on the vectors of the batch. */
  readonly ridge: number;
}

/**
 * Adds to the gradients of all tables those of one batch: mean cross-entropy, and `ridge` times the mean square of the
 * vectors. A person's side is worked out once for the choice and all that was drawn beside it, which is two thirds of the work
 * where each is worked out by itself. `collaborativeScorer` says what the network is.
 *
 * @returns the mean cross-entropy before the step
 */
export function learnBatch(tables: LearnedTables, batch: Batch): number {
  const { groups, places, featureCount, ridge } = batch;
  const { width } = groups;
  const samples = places.length * width;
  const work = workspace(tables, batch);
  const { user, userSlope, sideSlope } = work;
  // The mean is over samples and numbers, the penalty is told for the tower and the joint layer together.
  const shrink = (2 * ridge * (tower + joint)) / (samples * tower);
  let loss = 0;
  for (const place of places) {
    const from = groups.users[place]! * featureCount;
    readUser(work, from);
    userSlope.fill(0);
    sideSlope.fill(0);
    for (let at = 0; at < width; at++)
      loss += learnSample(work, groups.items[place * width + at]!, {
        label: at === 0 ? 1 : 0,
        samples,
        shrink,
      });
    for (let k = 0; k < tower; k++) userSlope[k]! += shrink * width * user[k]!;
    spread(tables.jointUser, user, sideSlope, userSlope);
    learnTower(work, from);
  }
  return loss / samples;
}

function workspace(tables: LearnedTables, { features, featureCount }: Batch) {
  return {
    tables,
    features,
    featureCount,
    hidden: new Float64Array(tower),
    hiddenSlope: new Float64Array(tower),
    user: new Float64Array(tower),
    userSlope: new Float64Array(tower),
    userSide: new Float64Array(joint),
    sideSlope: new Float64Array(joint),
    units: new Float64Array(joint),
    unitSlope: new Float64Array(joint),
  };
}
type Workspace = ReturnType<typeof workspace>;

/** A person from features to both of its sides. */
function readUser(work: Workspace, from: number): void {
  const { tables, features, featureCount, hidden, user, userSide } = work;
  hidden.set(tables.userHiddenBias.values);
  const first = tables.userHidden.values;
  for (let k = 0; k < featureCount; k++) {
    const value = features[from + k]!;
    if (value === 0) continue;
    const row = k * tower;
    for (let j = 0; j < tower; j++) hidden[j]! += value * first[row + j]!;
  }
  for (let j = 0; j < tower; j++) if (hidden[j]! < 0) hidden[j] = 0;
  user.set(tables.userOutBias.values);
  gather(tables.userOut.values, hidden, user);
  userSide.set(tables.jointBias.values);
  gather(tables.jointUser.values, user, userSide);
}

/** out += input x table, row by row; rows of zeros cost nothing. */
function gather(table: Float32Array, input: Float64Array, out: Float64Array): void {
  const columns = out.length;
  for (let k = 0; k < input.length; k++) {
    const value = input[k]!;
    if (value === 0) continue;
    const row = k * columns;
    for (let j = 0; j < columns; j++) out[j]! += value * table[row + j]!;
  }
}

/** Back through `gather`: adds to the table's gradient, and to the slope of what came in. */
function spread(
  { values, gradient }: AdamTable,
  input: Float64Array,
  slope: Float64Array,
  inputSlope: Float64Array,
): void {
  const columns = slope.length;
  for (let k = 0; k < input.length; k++) {
    const value = input[k]!;
    const row = k * columns;
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const own = slope[j]!;
      gradient[row + j]! += value * own;
      sum += values[row + j]! * own;
    }
    inputSlope[k]! += sum;
  }
}

interface SampleOf {
  readonly label: number;
  readonly samples: number;
  readonly shrink: number;
}

/** One thing for the person at hand, forwards and back. @returns its cross-entropy */
function learnSample(work: Workspace, item: number, { label, samples, shrink }: SampleOf): number {
  const { tables, user, userSide, userSlope, sideSlope, units, unitSlope } = work;
  const vectors = tables.items.values;
  const vectorSlopes = tables.items.gradient;
  const side = tables.jointItem;
  const out = tables.jointOut;
  const product = tables.product;
  const from = item * tower;
  let logit = tables.itemBias.values[item]!;
  units.set(userSide);
  for (let k = 0; k < tower; k++) {
    const value = vectors[from + k]!;
    logit += user[k]! * value * product.values[k]!;
    const row = k * joint;
    for (let j = 0; j < joint; j++) units[j]! += value * side.values[row + j]!;
  }
  for (let j = 0; j < joint; j++) if (units[j]! > 0) logit += units[j]! * out.values[j]!;
  const probability = 1 / (1 + Math.exp(-logit));
  const slope = (probability - label) / samples;
  tables.itemBias.gradient[item]! += slope;
  for (let j = 0; j < joint; j++) {
    const unit = units[j]!;
    const own = unit > 0 ? slope * out.values[j]! : 0;
    if (unit > 0) out.gradient[j]! += slope * unit;
    unitSlope[j] = own;
    sideSlope[j]! += own;
    tables.jointBias.gradient[j]! += own;
  }
  for (let k = 0; k < tower; k++) {
    const value = vectors[from + k]!;
    const weight = product.values[k]!;
    const person = user[k]!;
    product.gradient[k]! += slope * person * value;
    userSlope[k]! += slope * weight * value;
    let sum = slope * weight * person + shrink * value;
    const row = k * joint;
    for (let j = 0; j < joint; j++) {
      const own = unitSlope[j]!;
      side.gradient[row + j]! += value * own;
      sum += side.values[row + j]! * own;
    }
    vectorSlopes[from + k]! += sum;
  }
  const told = label === 1 ? probability : 1 - probability;
  return -Math.log(Math.max(1e-7, told));
}

/** Back through the person's own layers. */
function learnTower(work: Workspace, from: number): void {
  const { tables, features, featureCount, hidden, hiddenSlope, userSlope } = work;
  const addTo = ({ gradient }: AdamTable, slope: Float64Array): void => {
    for (let j = 0; j < slope.length; j++) gradient[j]! += slope[j]!;
  };
  addTo(tables.userOutBias, userSlope);
  hiddenSlope.fill(0);
  spread(tables.userOut, hidden, userSlope, hiddenSlope);
  for (let j = 0; j < tower; j++) if (hidden[j] === 0) hiddenSlope[j] = 0;
  addTo(tables.userHiddenBias, hiddenSlope);
  const { gradient } = tables.userHidden;
  for (let k = 0; k < featureCount; k++) {
    const value = features[from + k]!;
    if (value === 0) continue;
    const row = k * tower;
    for (let j = 0; j < tower; j++) gradient[row + j]! += value * hiddenSlope[j]!;
  }
}
