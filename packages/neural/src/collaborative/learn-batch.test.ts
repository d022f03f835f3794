import { seededRng } from "@almanac/kernel";
import { expect, it } from "vitest";
import { AdamTable } from "../learning/adam.ts";
import { learnBatch, type LearnedTables } from "./learn-batch.ts";
import { collaborativeScorer, joint, shapeOf, tableNames, tower, type TableName } from "./model.ts";

const featureCount = 5;
const itemCount = 7;
const rng = seededRng(8);
const tables = Object.fromEntries(
  tableNames.map((name) => {
    const [rows, columns] = shapeOf(name, featureCount, itemCount);
    return [name, new AdamTable(Float32Array.from({ length: rows * columns }, () => 0.3 * rng.normal()))];
  }),
) as unknown as LearnedTables;
const features = Float32Array.from({ length: 3 * featureCount }, () => rng.normal());
const groups = {
  width: 3,
  users: Int32Array.of(0, 1, 2, 1),
  items: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 0, 3, 2, 2, 6),
};
const ridge = 0.01;
const batch = { groups, places: Int32Array.of(0, 1, 2, 3), features, featureCount, ridge };

/** The loss with its penalty, by the network that answers: nothing of the step's own code. */
function lossNow(): number {
  const read = Object.fromEntries(tableNames.map((name) => [name, tables[name].values])) as Record<
    TableName,
    Float32Array
  >;
  const names = Array.from({ length: featureCount }, (_, at) => `f${at}`);
  const score = collaborativeScorer({ featureNames: names, itemCount, tables: read });
  const { user } = userVectors(read);
  let loss = 0;
  let squares = 0;
  groups.users.forEach((person, place) => {
    const scores = score(features.subarray(person * featureCount, (person + 1) * featureCount));
    for (let at = 0; at < groups.width; at++) {
      const item = groups.items[place * groups.width + at]!;
      const signed = at === 0 ? scores[item]! : -scores[item]!;
      loss += Math.log1p(Math.exp(-signed));
      for (let k = 0; k < tower; k++) squares += read.items[item * tower + k]! ** 2 + user[person]![k]! ** 2;
    }
  });
  const samples = groups.items.length;
  return loss / samples + (ridge * (tower + joint) * squares) / (samples * tower);
}

function userVectors(read: Record<TableName, Float32Array>) {
  const layer = (input: ArrayLike<number>, table: Float32Array, bias: Float32Array): number[] =>
    Array.from(bias, (start, j) =>
      Array.from(input).reduce((sum, value, k) => sum + value * table[k * bias.length + j]!, start),
    );
  const user = [0, 1, 2].map((person) => {
    const own = features.subarray(person * featureCount, (person + 1) * featureCount);
    const hidden = layer(own, read.userHidden, read.userHiddenBias).map((value) => Math.max(0, value));
    return layer(hidden, read.userOut, read.userOutBias);
  });
  return { user };
}

it.each(tableNames)("the gradient of %s is the slope of the loss", (name) => {
  for (const other of tableNames) tables[other].gradient.fill(0);
  learnBatch(tables, batch);
  const { values, gradient } = tables[name];
  const found: number[] = [];
  const wanted: number[] = [];
  const step = 1 / 256;
  for (let at = 0; at < values.length; at += Math.max(1, Math.floor(values.length / 12))) {
    const kept = values[at]!;
    values[at] = kept + step;
    const above = lossNow();
    values[at] = kept - step;
    const below = lossNow();
    values[at] = kept;
    found.push(gradient[at]!);
    wanted.push((above - below) / (2 * step));
  }
  found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 3));
  expect(Math.max(...found.map(Math.abs))).toBeGreaterThan(0);
});
