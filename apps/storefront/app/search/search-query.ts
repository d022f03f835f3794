/** What the address of a search says; the same names as `search.query` takes. */
export interface SearchQuery {
  readonly q: string;
  readonly category?: string;
  readonly farm?: string;
  readonly organic?: true;
  readonly inSeason?: true;
  readonly snap?: true;
  readonly maxKm?: number;
  readonly maxPriceCents?: number;
  readonly sort?: SearchSort;
  /** Takes the words as they were typed. */
  readonly exact?: true;
  /** 1-based. */
  readonly page: number;
}

export const searchSorts = ["best", "cheapest", "nearest", "freshest"] as const;
export type SearchSort = (typeof searchSorts)[number];

export const searchPageSize = 24;

/** Reads an address; what makes no sense is left out. */
export function readSearchQuery(search: URLSearchParams): SearchQuery {
  const text = (name: string) => search.get(name)?.trim().slice(0, 100) || undefined;
  const flag = (name: string) => (search.get(name) === "1" ? (true as const) : undefined);
  const category = text("category");
  const farm = text("farm");
  const organic = flag("organic");
  const inSeason = flag("inSeason");
  const snap = flag("snap");
  const exact = flag("exact");
  const maxKm = positive(search.get("maxKm"));
  const maxPriceCents = positive(search.get("maxPriceCents"));
  const sort = searchSorts.find((each) => each === search.get("sort"));
  return {
    q: text("q") ?? "",
    page: Math.min(50, Math.max(1, Math.floor(positive(search.get("page")) ?? 1))),
    ...(category && { category }),
    ...(farm && { farm }),
    ...(organic && { organic }),
    ...(inSeason && { inSeason }),
    ...(snap && { snap }),
    ...(exact && { exact }),
    ...(maxKm && { maxKm }),
    ...(maxPriceCents && { maxPriceCents: Math.round(maxPriceCents) }),
    ...(sort && sort !== "best" && { sort }),
  };
}

/** The address with something changed; `undefined` takes a part out. Any change but that of the page leads to the first. */
export function searchHref(
  search: URLSearchParams,
  change: Readonly<Record<string, string | undefined>>,
): string {
  const next = new URLSearchParams(search);
  next.delete("page");
  next.delete("notice");
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text ? `/search?${text}` : "/search";
}

function positive(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && Number.isFinite(value) && value > 0 ? value : undefined;
}
