import { AppError, invariant } from "@almanac/kernel";

/** Numbers that a person and a thing are made into. */
export const tower = 32;
/** Hidden units that see both. */
export const joint = 16;

/** The tables of a fitted network by name, each row by row, with its rows and columns. */
export const tableShapes = {
  userHidden: ["features", tower],
  userHiddenBias: [1, tower],
  userOut: [tower, tower],
  userOutBias: [1, tower],
  items: ["items", tower],
  itemBias: ["items", 1],
  jointUser: [tower, joint],
  jointItem: [tower, joint],
  jointBias: [1, joint],
  jointOut: [joint, 1],
  product: [tower, 1],
} as const;
export type TableName = keyof typeof tableShapes;
export const tableNames = Object.keys(tableShapes) as TableName[];

/** A fitted network: plain data, which needs no TensorFlow to answer. */
export interface CollaborativeModel {
  readonly featureNames: readonly string[];
  readonly itemCount: number;
  readonly tables: Readonly<Record<TableName, Float32Array>>;
}

export function shapeOf(name: TableName, features: number, items: number): [number, number] {
  const [rows, columns] = tableShapes[name];
  return [rows === "features" ? features : rows === "items" ? items : rows, columns];
}

/**
 * Scores of all things for one person: log-odds that they are chosen. What a thing brings to the hidden units is worked out
 * once, so that a score costs `tower` + 2 x `joint` products.
 *
 * He et al. (2017), "Neural Collaborative Filtering" (NeuMF): a product and a hidden layer over the same two vectors, where
 * the person's vector is read off features, so that a new person needs no training.
 */
export function collaborativeScorer(model: CollaborativeModel): (features: Float32Array) => Float32Array {
  const { tables, itemCount } = model;
  const width = model.featureNames.length;
  const itemSide = multiply(tables.items, tables.jointItem, itemCount, tower, joint);
  return (features) => {
    invariant(features.length === width, "a person is told by as many numbers as the model has names");
    const hidden = dense(features, tables.userHidden, tables.userHiddenBias, tower).map((value) =>
      Math.max(0, value),
    );
    const user = dense(hidden, tables.userOut, tables.userOutBias, tower);
    const userSide = dense(user, tables.jointUser, tables.jointBias, joint);
    const weighted = user.map((value, at) => value * tables.product[at]!);
    const scores = new Float32Array(itemCount);
    for (let item = 0; item < itemCount; item++) {
      let score = tables.itemBias[item]!;
      for (let at = 0; at < tower; at++) score += weighted[at]! * tables.items[item * tower + at]!;
      for (let at = 0; at < joint; at++) {
        const unit = userSide[at]! + itemSide[item * joint + at]!;
        if (unit > 0) score += unit * tables.jointOut[at]!;
      }
      scores[item] = score;
    }
    return scores;
  };
}

function dense(input: Float32Array, weights: Float32Array, bias: Float32Array, width: number): Float32Array {
  const out = bias.slice();
  for (let row = 0; row < input.length; row++) {
    const value = input[row]!;
    if (value !== 0) for (let at = 0; at < width; at++) out[at]! += value * weights[row * width + at]!;
  }
  return out;
}

function multiply(a: Float32Array, b: Float32Array, rows: number, inner: number, columns: number) {
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < inner; k++)
      for (let column = 0; column < columns; column++)
        out[row * columns + column]! += a[row * inner + k]! * b[k * columns + column]!;
  return out;
}

const format = "almanac-collaborative-1";

/** The model as JSON text, its tables in base64. */
export function serializeCollaborative({ featureNames, itemCount, tables }: CollaborativeModel): string {
  const packed = Object.fromEntries(
    tableNames.map((name) => {
      const { buffer, byteOffset, byteLength } = tables[name];
      return [name, Buffer.from(buffer, byteOffset, byteLength).toString("base64")];
    }),
  );
  return JSON.stringify({ format, featureNames, itemCount, tables: packed });
}

/** @throws AppError `input_invalid` when the text is no such model or a table has another size than it must have */
export function parseCollaborative(text: string): CollaborativeModel {
  const found = parsed(text);
  const { featureNames, itemCount, tables } = found;
  if (found["format"] !== format) refuse(`its format is not ${format}`);
  if (!Array.isArray(featureNames) || !featureNames.every((name) => typeof name === "string"))
    refuse("its features have no names");
  if (!Number.isInteger(itemCount) || (itemCount as number) < 1) refuse("it knows no things");
  if (typeof tables !== "object" || tables === null) refuse("it has no tables");
  const names = featureNames as string[];
  const read = Object.fromEntries(
    tableNames.map((name) => {
      const packed = (tables as Record<string, unknown>)[name];
      const bytes = Uint8Array.from(Buffer.from(typeof packed === "string" ? packed : "", "base64"));
      const [rows, columns] = shapeOf(name, names.length, itemCount as number);
      if (bytes.length !== 4 * rows * columns) refuse(`its table ${name} has another size`);
      return [name, new Float32Array(bytes.buffer)];
    }),
  ) as Record<TableName, Float32Array>;
  if (tableNames.some((name) => !read[name].every(Number.isFinite))) refuse("a weight is no number");
  return { featureNames: names, itemCount: itemCount as number, tables: read };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === "object" && found !== null) return { ...found };
  } catch {
    // Said below.
  }
  return refuse("it is not a JSON object");
}

function refuse(why: string): never {
  throw new AppError("input_invalid", `this is no collaborative network: ${why}`);
}
