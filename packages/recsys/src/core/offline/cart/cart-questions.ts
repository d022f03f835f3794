import type { Rng } from "@almanac/kernel";
import type { Choice } from "../blend/conditional-logit.ts";
import { gatherOpinions } from "../blend/opinions.ts";
import type { Opinions } from "../blend/opinions.ts";
import type { ItemScorer } from "../item-scorer.ts";
import { columnCounts, packRows } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";
import { fitCartMembers } from "./cart-members.ts";

const folds = 3;
/** A cart needs as many known items to be asked about, or two where no cart has three. */
const leastItems = 3;

/** What fitted members think of the items that a cart does not hold. */
export function opinionsOnCart(
  members: readonly ItemScorer[],
  popularity: ArrayLike<number>,
  cart: readonly number[],
): Opinions {
  const history = { items: cart, weights: cart.map(() => 1) };
  const scores = members.map((member) => {
    const own = new Float64Array(popularity.length);
    member.addScores(history, own);
    return own;
  });
  return gatherOpinions(scores, popularity, new Set(cart));
}

/**
 * Hides one item of each of up to `limit` carts, and lets members that were fitted to the other two thirds of the carts
 * judge: every cart may be asked about, so the questions are as many as the data allows.
 */
export function askCarts(
  carts: SparseRows,
  limit: number,
  rng: Rng,
  onProgress?: (share: number) => void,
): Choice[] {
  const order = rng.shuffle(Array.from({ length: carts.rowCount }, (_, cart) => cart));
  const longest = order.reduce((most, cart) => Math.max(most, itemsOf(carts, cart).length), 0);
  const least = Math.max(2, Math.min(leastItems, longest));
  const isIn = (at: number, fold: number): boolean => at % folds === fold;
  return Array.from({ length: folds }, (_, fold) => {
    const rest = takeRows(
      carts,
      order.filter((_cart, at) => !isIn(at, fold)),
    );
    const popularity = columnCounts(rest);
    const members = fitCartMembers(rest, rng.fork(`fold ${fold}`));
    const asked = order
      .filter((_cart, at) => isIn(at, fold))
      .map((cart) => itemsOf(carts, cart).filter((item) => popularity[item]! > 0))
      .filter((cart) => cart.length >= least)
      .slice(0, Math.ceil(limit / folds));
    const choices = asked.map((cart): Choice => {
      const taken = rng.pick(cart);
      const shown = cart.filter((item) => item !== taken);
      return { taken, ...opinionsOnCart(members, popularity, shown) };
    });
    onProgress?.((fold + 1) / folds);
    return choices;
  }).flat();
}

function itemsOf(carts: SparseRows, cart: number): number[] {
  return [...carts.columns.subarray(carts.offsets[cart]!, carts.offsets[cart + 1]!)];
}

function takeRows(matrix: SparseRows, taken: readonly number[]): SparseRows {
  const rows: number[] = [];
  const columns: number[] = [];
  taken.forEach((row, at) => {
    for (const column of itemsOf(matrix, row)) {
      rows.push(at);
      columns.push(column);
    }
  });
  return packRows(taken.length, matrix.columnCount, rows, columns);
}
