import { apportion } from "../../parts/ranking/shares.ts";
import { terms, type TermKey, type Weights } from "../../parts/ranking/terms.ts";
import type { Fields } from "../request/fields.ts";

/** Weights from five fields of thousandths. That they sum to one is for the product to say. */
export function readWeights(fields: Fields): Weights {
  return weightsOf((key) => fields.whole(key, { min: 0, max: 1_000 }));
}

/** The weights that an address asks to preview; `undefined` where it names none, or not all five. */
export function weightsInAddress({ searchParams }: URL): Weights | undefined {
  const values = terms.map(({ key }) => {
    const text = searchParams.get(key);
    return text !== null && /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  });
  if (values.some((value) => !(value <= 1_000))) return undefined;
  return weightsOf((_, at) => values[at]!);
}

/** What the sliders start with. */
export function sharesOf(weights: Weights): number[] {
  return apportion(terms.map(({ key }) => weights[key]));
}

function weightsOf(read: (key: TermKey, at: number) => number): Weights {
  return Object.fromEntries(terms.map(({ key }, at) => [key, read(key, at) / 1_000])) as Weights;
}
