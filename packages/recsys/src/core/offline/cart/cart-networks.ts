import type { Rng } from "@almanac/kernel";
import type { ItemScorer } from "../item-scorer.ts";
import { columnCounts } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";
import { CartNetwork } from "./cart-network.ts";
import { rivalsAmong } from "./rivals.ts";

export interface CartNetworksOptions {
  readonly rng: Rng;
  /** Networks, each from a start of its own, whose odds are added: what only one of them believes is mostly noise. */
  readonly networks?: number;
  /** Hidden units of each. */
  readonly units?: number;
  /** Times that every item of every cart is hidden, where `mostLessons` are enough for it. */
  readonly rounds?: number;
  readonly learningRate?: number;
  /** Lessons of one network, so that the time does not grow with the data for ever. */
  readonly mostLessons?: number;
}

/** The sum of some small networks that were taught to find the hidden item of a cart. */
export function fitCartNetworks(carts: SparseRows, options: CartNetworksOptions): ItemScorer {
  const { rng, networks = 3 } = options;
  const fitted = Array.from({ length: networks }, (_, at) =>
    teachNetwork(carts, { ...options, rng: rng.fork(`network ${at}`) }),
  );
  return {
    name: "cart-networks",
    addScores({ items }, scores) {
      for (const network of fitted) network.addScores(items, scores);
    },
  };
}

/** Hides one item after the other, in a new order each round; steps shrink to nothing towards the end. */
function teachNetwork(carts: SparseRows, options: CartNetworksOptions): CartNetwork {
  const { rng, units = 16, rounds = 5, learningRate = 0.08, mostLessons = 500_000 } = options;
  const counts = columnCounts(carts);
  const network = new CartNetwork(counts, units, rng.fork("start"));
  const cartOf = cartsOfPlaces(carts);
  const lessons = [...cartOf.keys()].filter((place) => cartOf[place]! >= 0);
  const total = Math.min(rounds * lessons.length, mostLessons);
  if (total === 0) return network;
  const rivals = rivalsAmong(counts, rng.fork("rivals"));
  const { offsets, columns } = carts;
  let order: readonly number[] = [];
  for (let done = 0; done < total; done++) {
    const next = done % lessons.length;
    if (next === 0) order = rng.shuffle(lessons);
    const place = order[next]!;
    const cart = cartOf[place]!;
    const taken = columns[place]!;
    const shown = columns.subarray(offsets[cart]!, offsets[cart + 1]!).filter((item) => item !== taken);
    network.learn(shown, taken, rivals, learningRate * (1 - done / total));
  }
  return network;
}

/** The cart of each entry, or -1 where it is alone in its cart and nothing can be learned from it. */
function cartsOfPlaces({ rowCount, offsets, columns }: SparseRows): Int32Array {
  const cartOf = new Int32Array(columns.length).fill(-1);
  for (let cart = 0; cart < rowCount; cart++)
    if (offsets[cart + 1]! - offsets[cart]! > 1) cartOf.fill(cart, offsets[cart]!, offsets[cart + 1]!);
  return cartOf;
}
