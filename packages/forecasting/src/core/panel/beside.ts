import type { RegressionSeries } from "./regression-data.ts";
import type { PanelSeries } from "./local-run.ts";

/** Known columns of other products at one place up to which each has a say of its own. */
const mostColumns = 64;

/** What stands beside each series of a panel: the columns of the other products of its place. */
export interface Beside {
  /** One list a series, all of one length: known columns by product, zeros for the own and for those not sold there. */
  readonly columns: readonly (readonly Float64Array[])[];
  /** How many kinds of columns there are (price, deal): a list holds the first of all products, then the second. */
  readonly kinds: number;
  readonly products: readonly (string | undefined)[];
}

/**
 * The known columns of the other products of each series' place, around their means, put beside it by the end of the
 * histories, or by the calendar where that is known.
 *
 * @param data of the panel's series, known columns first
 * @returns undefined where no two products share a place or there are too many to have a say each
 */
export function besideColumns(
  panel: readonly PanelSeries[],
  data: readonly RegressionSeries[],
  horizon: number,
): Beside | undefined {
  const kinds = data[0]?.groups.before.from ?? 0;
  const products = [...new Set(panel.flatMap(({ product }) => product ?? []))].sort();
  const width = kinds * products.length;
  const places = Map.groupBy(panel.keys(), (i) => panel[i]!.place);
  if (kinds === 0) return undefined;
  const isShared = [...places].some(([place, at]) => place !== undefined && at.length > 1);
  if (!isShared || products.length < 2 || width > mostColumns) return undefined;
  const columns = panel.map((series, i) => {
    const none = new Float64Array(data[i]!.response.length + horizon);
    const own: Float64Array[] = Array.from({ length: width }, () => none);
    for (const other of series.place === undefined ? [] : places.get(series.place)!) {
      const slot = products.indexOf(panel[other]!.product ?? "");
      if (other === i || slot < 0 || panel[other]!.product === series.product) continue;
      for (let kind = 0; kind < kinds; kind++) {
        own[kind * products.length + slot] = put(data[other]!.columns[kind]!, panel, other, i, none.length);
      }
    }
    return own;
  });
  return { columns, kinds, products: panel.map(({ product }) => product) };
}

/** Another series' column at the periods of this one, its first and last value before and after. */
function put(
  column: Float64Array,
  panel: readonly PanelSeries[],
  from: number,
  to: number,
  length: number,
): Float64Array {
  const endOf = ({ firstPeriod, values }: PanelSeries): number => (firstPeriod ?? NaN) + values.length;
  const apart = endOf(panel[to]!) - endOf(panel[from]!);
  const shift = column.length - length + (Number.isNaN(apart) ? 0 : apart);
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  return Float64Array.from(
    { length },
    (_, t) => column[Math.max(0, Math.min(column.length - 1, t + shift))]! - mean,
  );
}

/**
 * The mean logarithms of what the other products of its place cost, as one more column a known column that is a price (one
 * in logarithms).
 */
export function withPlaceColumns(
  data: readonly RegressionSeries[],
  { columns, kinds }: Beside,
): RegressionSeries[] {
  const slots = (columns[0]?.length ?? 0) / kinds;
  const prices = Array.from({ length: kinds }, (_, kind) => kind).filter((kind) =>
    data.every(({ logarithms }) => logarithms[kind]),
  );
  return data.map((series, i) => {
    const means = prices.map((kind) => meanOf(columns[i]!.slice(kind * slots, (kind + 1) * slots)));
    const from = series.columns.length;
    return {
      ...series,
      columns: [...series.columns, ...means],
      groups: { ...series.groups, place: { from, to: from + means.length } },
    };
  });
}

/** The mean of those columns that move. */
function meanOf(columns: readonly Float64Array[]): Float64Array {
  const sold = columns.filter((column) => column.some((value) => value !== 0));
  const out = new Float64Array(columns[0]!.length);
  for (const column of sold) column.forEach((value, t) => (out[t]! += value / sold.length));
  return out;
}
