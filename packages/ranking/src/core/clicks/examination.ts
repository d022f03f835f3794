/** How often a product was shown at a place for a query, and opened there. */
export interface PlacedClicks {
  /** Query and product; any text. */
  readonly what: string;
  /** 1 for the first place. */
  readonly place: number;
  readonly shows: number;
  /** At most `shows`. */
  readonly clicks: number;
}

/** Places that are told apart; those behind count as the last of them. */
export const examinedPlaces = 48;

/** What is believed of a place before anything was seen of it: 1 / place. */
export function priorExamination(places: number = examinedPlaces): Float64Array {
  return Float64Array.from({ length: places }, (_, at) => 1 / (at + 1));
}

/** Shows that the belief about a place is worth: with as many of its own, a place is half belief. */
const priorShows = 200;
/** What is believed of a product for a query: one click in twenty looks, worth ten looks. */
const priorShare = 0.05;
const priorLooks = 10;
const rounds = 30;

/**
 * Chance that each place is looked at, relative to the first, by the position-based model: a product is opened when its
 * place is looked at and it attracts. Clicks at a place are then, on average, shows x chance x attraction, and so are the
 * clicks on a product; the two sums are solved in turn, each pulled towards what is believed beforehand. What tells chance
 * and attraction apart is that a product stands at different places on different days. Where none ever moved, the belief
 * stays.
 *
 * The model: Chuklin, Markov, de Rijke (2015), "Click Models for Web Search", chapter 3. Expectation and maximisation finds
 * the same, but takes hundreds of rounds where few places are clicked.
 *
 * @returns one chance a place, the first 1, each in (0, 1]
 */
export function estimateExamination(
  cells: readonly PlacedClicks[],
  places: number = examinedPlaces,
): Float64Array {
  const prior = priorExamination(places);
  const whats = new Map<string, number>();
  const what = Int32Array.from(cells, (cell) => {
    const known = whats.get(cell.what) ?? whats.size;
    whats.set(cell.what, known);
    return known;
  });
  const place = Int32Array.from(cells, (cell) => Math.min(places, Math.max(1, cell.place)) - 1);
  const placeClicks = new Float64Array(places);
  const productClicks = new Float64Array(whats.size);
  cells.forEach(({ clicks }, at) => {
    placeClicks[place[at]!]! += clicks;
    productClicks[what[at]!]! += clicks;
  });
  let chance = prior;
  for (let round = 0; round < rounds; round++) {
    const looks = new Float64Array(whats.size).fill(priorLooks);
    cells.forEach(({ shows }, at) => (looks[what[at]!]! += shows * chance[place[at]!]!));
    const attraction = productClicks.map((clicks, at) => (clicks + priorLooks * priorShare) / looks[at]!);
    const expected = new Float64Array(places).fill(priorShows * priorShare);
    cells.forEach(({ shows }, at) => (expected[place[at]!]! += shows * attraction[what[at]!]!));
    const next = placeClicks.map(
      (clicks, at) => (clicks + priorShows * priorShare * prior[at]!) / expected[at]!,
    );
    // Only the product of the two is seen: the first place is the measure.
    const first = next[0]!;
    chance = next.map((one) => Math.min(1, one / first));
  }
  return chance;
}

/** Chance that a place, from 1, is looked at. */
export function examinationAt(examination: ArrayLike<number>, place: number): number {
  return examination[Math.min(examination.length, Math.max(1, place)) - 1] ?? 1;
}
