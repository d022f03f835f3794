import { AppError } from "@almanac/kernel";
import { wordsOfSet, type BoostedTrees, type LossName } from "./boosted-trees.ts";

const format = "almanac-boosted-trees-2";
/** The format before there were sets of levels. */
const formatWithoutSets = "almanac-boosted-trees-1";
const losses: readonly LossName[] = ["squared", "logistic", "lambdarank", "poisson", "quantile"];

/** The typed arrays of a model, with what each is made of. */
const arrays = {
  roots: Int32Array,
  feature: Int32Array,
  threshold: Float32Array,
  missingLeft: Uint8Array,
  levelSet: Int32Array,
  levels: Uint32Array,
  left: Int32Array,
  right: Int32Array,
  value: Float64Array,
  gain: Float32Array,
} as const;

type ArrayName = keyof typeof arrays;
const arrayNames = Object.keys(arrays) as ArrayName[];

/**
 * The model as JSON text, its arrays in base64 (little-endian), so that it comes back bit by bit. About 60 bytes a node.
 */
export function serializeBoostedTrees(model: BoostedTrees): string {
  const packed = arrayNames.map((name) => {
    const { buffer, byteOffset, byteLength } = model[name];
    return [name, Buffer.from(buffer, byteOffset, byteLength).toString("base64")];
  });
  const { loss, width, base } = model;
  return JSON.stringify({ format, loss, width, base, ...Object.fromEntries(packed) });
}

/**
 * Reads what `serializeBoostedTrees` wrote. Children have to lie behind their node within their tree's list, so that no
 * text, however made, sends a prediction in circles or out of bounds.
 *
 * @throws AppError `input_invalid` when the text is no model
 */
export function parseBoostedTrees(text: string): BoostedTrees {
  const found = parseObject(text);
  const { loss, width, base } = found;
  const hasSets = found["format"] === format;
  if (!hasSets && found["format"] !== formatWithoutSets) refuse(`its format is not ${format}`);
  if (!losses.includes(loss as LossName)) refuse("its loss is not known");
  if (!Number.isInteger(width) || (width as number) < 1) refuse("its width is not a whole number > 0");
  if (typeof base !== "number" || !Number.isFinite(base)) refuse("its base is not a number");
  const feature = unpack(found, "feature", Int32Array);
  const model = {
    loss: loss as LossName,
    width: width as number,
    base: base as number,
    roots: unpack(found, "roots", Int32Array),
    feature,
    threshold: unpack(found, "threshold", Float32Array),
    missingLeft: unpack(found, "missingLeft", Uint8Array),
    levelSet: hasSets ? unpack(found, "levelSet", Int32Array) : feature.map(() => -1),
    levels: hasSets ? unpack(found, "levels", Uint32Array) : new Uint32Array(0),
    left: unpack(found, "left", Int32Array),
    right: unpack(found, "right", Int32Array),
    value: unpack(found, "value", Float64Array),
    gain: unpack(found, "gain", Float32Array),
  };
  checkNodes(model);
  return model;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === "object" && found !== null) return { ...found };
  } catch {
    // Said below.
  }
  return refuse("it is not a JSON object");
}

type ArrayMaker<T> = new (buffer: ArrayBuffer) => T;

function unpack<T extends ArrayBufferView>(
  found: Record<string, unknown>,
  name: ArrayName,
  Made: ArrayMaker<T> & { readonly BYTES_PER_ELEMENT: number },
): T {
  const packed = found[name];
  if (typeof packed !== "string") return refuse(`${name} is missing`);
  const bytes = Uint8Array.from(Buffer.from(packed, "base64"));
  if (bytes.length % Made.BYTES_PER_ELEMENT !== 0) refuse(`${name} ends within a number`);
  return new Made(bytes.buffer);
}

function checkNodes(model: BoostedTrees): void {
  const size = model.feature.length;
  for (const name of arrayNames)
    if (name !== "roots" && name !== "levels" && model[name].length !== size)
      refuse(`${name} has not one entry a node`);
  if (model.roots.some((root) => root < 0 || root >= size)) refuse("a tree begins nowhere");
  for (let node = 0; node < size; node++) {
    const column = model.feature[node]!;
    if (column === -1) continue;
    if (column < 0 || column >= model.width) refuse("a node asks for a column that is not there");
    const set = model.levelSet[node]!;
    if (set !== -1 && (set < 0 || set + wordsOfSet > model.levels.length))
      refuse("a node's set is not there");
    for (const child of [model.left[node]!, model.right[node]!])
      if (child <= node || child >= size) refuse("a node's child is not behind it");
  }
}

function refuse(why: string): never {
  throw new AppError("input_invalid", `this is no model of boosted trees: ${why}`);
}
