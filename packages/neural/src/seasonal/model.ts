import { invariant, type Rng } from "@almanac/kernel";
import type { DemandSeries } from "./seasonal-data.ts";
import { stepWidth } from "./seasonal-data.ts";

/** Numbers that the network carries from one week to the next. */
export const hidden = 32;
export const productWidth = 8;
export const placeWidth = 4;
/** Numbers that say whose weeks these are. */
export const whoWidth = productWidth + placeWidth;
export const gateCount = 4;

/**
 * The tables of a fitted network by name, each row by row, with its rows and columns. Rows of gates are those of what is taken
 * in, what is kept, what is shown and what is fresh, `hidden` of each.
 */
export const tableShapes = {
  productVectors: ["products", productWidth],
  placeVectors: ["places", placeWidth],
  stepToGates: [gateCount * hidden, stepWidth],
  whoToGates: [gateCount * hidden, whoWidth],
  stateToGates: [gateCount * hidden, hidden],
  gateBias: [gateCount * hidden, 1],
  answer: [1, hidden],
  answerBias: [1, 1],
} as const;
export type TableName = keyof typeof tableShapes;
export const tableNames = Object.keys(tableShapes) as TableName[];

/** A fitted network: plain data, which needs no TensorFlow to answer. */
export interface SeasonalModel {
  readonly products: number;
  readonly places: number;
  readonly tables: Readonly<Record<TableName, Float32Array>>;
}

export interface SeasonalCounts {
  readonly products: number;
  readonly places: number;
}

/** How many products and places there are, the highest position of each being there. */
export function countsOf(series: readonly DemandSeries[]): SeasonalCounts {
  const most = (key: "product" | "place"): number =>
    series.reduce((highest, own) => Math.max(highest, own[key]), 0);
  return { products: most("product") + 1, places: most("place") + 1 };
}

export function shapeOf(name: TableName, { products, places }: SeasonalCounts): [number, number] {
  const [rows, columns] = tableShapes[name];
  return [rows === "products" ? products : rows === "places" ? places : rows, columns];
}

/** Small numbers by chance; gates that keep begin open: Jozefowicz et al. (2015). */
export function startTables(counts: SeasonalCounts, rng: Rng): Record<TableName, Float32Array> {
  return Object.fromEntries(
    tableNames.map((name) => {
      const [rows, columns] = shapeOf(name, counts);
      const spread = name.endsWith("Bias") ? 0 : name.endsWith("Vectors") ? 0.1 : Math.sqrt(1 / columns);
      const values = Float32Array.from({ length: rows * columns }, () => spread * rng.normal());
      if (name === "gateBias") values.fill(1, hidden, 2 * hidden);
      return [name, values];
    }),
  ) as Record<TableName, Float32Array>;
}

/** @throws InvariantError where a series is of a product or place that the model was not made for */
export function assertKnown({ products, places }: SeasonalCounts, series: readonly DemandSeries[]): void {
  for (const { product, place } of series)
    invariant(product < products && place < places, "a product or place is not of this model");
}
