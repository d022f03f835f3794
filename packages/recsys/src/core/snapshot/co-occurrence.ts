import { csrRow, packCsr, transposeCsr } from "./csr.ts";
import type { Csr } from "./csr.ts";
import type { CoOccurrence } from "./snapshot.ts";

/** Pairs that met once say nothing about the next basket; keeping them would be most of the memory. */
const minSharedBaskets = 2;
/** Partners kept for one product, those with the most shared baskets. */
const maxPartners = 256;

/**
 * For each product, the products it shared baskets with, by falling count and then by index.
 *
 * Walks each product's baskets with one counter array, so memory is the answer plus one row.
 */
export function countCoOccurrence(baskets: Csr, productCount: number): CoOccurrence {
  const basketsOf = transposeCsr(baskets, productCount);
  const shared = new Int32Array(productCount);
  const rows: number[] = [];
  const partners: number[] = [];
  const counts: number[] = [];
  for (let product = 0; product < productCount; product++) {
    const touched: number[] = [];
    for (const basket of csrRow(basketsOf, product)) {
      for (let i = baskets.offsets[basket]!; i < baskets.offsets[basket + 1]!; i++) {
        const partner = baskets.values[i]!;
        if (partner === product) continue;
        if (shared[partner]! === 0) touched.push(partner);
        shared[partner]!++;
      }
    }
    const kept = touched
      .filter((partner) => shared[partner]! >= minSharedBaskets)
      .sort((a, b) => shared[b]! - shared[a]! || a - b)
      .slice(0, maxPartners);
    for (const partner of kept) {
      rows.push(product);
      partners.push(partner);
      counts.push(shared[partner]!);
    }
    for (const partner of touched) shared[partner] = 0;
  }
  return { partners: packCsr(productCount, rows, partners), counts: Int32Array.from(counts) };
}
