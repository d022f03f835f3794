import { amountOf } from "@almanac/ui";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

export interface Facets {
  readonly categories: readonly Choice[];
  readonly farms: readonly Choice[];
  readonly organic: number;
  readonly inSeason: number;
  readonly snap: number;
  readonly distances: readonly Choice[];
  readonly prices: readonly Choice[];
}

/** Facets as `search.query` answers them. */
export interface SearchFacets {
  readonly categories: readonly { readonly slug: string; readonly name: string; readonly count: number }[];
  readonly farms: readonly { readonly slug: string; readonly name: string; readonly count: number }[];
  readonly organic: number;
  readonly inSeason: number;
  readonly snap: number;
  readonly distance: readonly { readonly km: number; readonly count: number }[];
  readonly price: readonly {
    readonly fromCents: number;
    readonly toCents?: number;
    readonly count: number;
  }[];
}

/** The choices of the form, in words. Of distances and prices only those that leave something. */
export function readFacets({ categories, farms, distance, price, ...flags }: SearchFacets): Facets {
  const named = ({ slug, name, count }: SearchFacets["farms"][number]) => ({
    value: slug,
    label: name,
    count,
  });
  let upToHere = 0;
  return {
    organic: flags.organic,
    inSeason: flags.inSeason,
    snap: flags.snap,
    categories: categories.map(named),
    farms: farms.map(named),
    distances: distance.flatMap(({ km, count }) =>
      count === 0 ? [] : [{ value: String(km), label: `Within ${km} km`, count }],
    ),
    // Bands are counted apart; "up to" counts all below.
    prices: price.flatMap(({ toCents, count }) => {
      upToHere += count;
      return toCents === undefined || upToHere === 0
        ? []
        : [{ value: String(toCents), label: `Up to ${amountOf(toCents)}`, count: upToHere }];
    }),
  };
}
