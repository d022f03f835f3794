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
/** As far as a search can be asked for. */
export const lastSearchPage = 4_000;

/** Reads an address; what makes no sense is left out. */
export function readSearchQuery(search: URLSearchParams): SearchQuery {
  const text = (name: string) => textOf(search.get(name) ?? "") || undefined;
  const flag = (name: string) => (search.get(name) === "1" ? (true as const) : undefined);
  const category = text("category");
  const farm = text("farm");
  const organic = flag("organic");
  const inSeason = flag("inSeason");
  const snap = flag("snap");
  const exact = flag("exact");
  const maxKm = positive(search.get("maxKm"), mostKm);
  const maxPriceCents = Math.round(positive(search.get("maxPriceCents"), mostCents) ?? 0);
  const sort = searchSorts.find((each) => each === search.get("sort"));
  return {
    q: text("q") ?? "",
    page: Math.min(lastSearchPage, Math.max(1, Math.floor(positive(search.get("page")) ?? 1))),
    ...(category && { category }),
    ...(farm && { farm }),
    ...(organic && { organic }),
    ...(inSeason && { inSeason }),
    ...(snap && { snap }),
    ...(exact && { exact }),
    ...(maxKm && { maxKm }),
    ...(maxPriceCents && { maxPriceCents }),
    ...(sort && sort !== "best" && { sort }),
  };
}

/** Of so many results, the page that is asked for, or the last there is: what was sold meanwhile may have left it empty. */
export function pageOf(total: number, page: number): number {
  return Math.min(page, Math.max(1, Math.ceil(total / searchPageSize)));
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

/** Farther away, and dearer, nothing is: the most that a search takes. */
const mostKm = 20_000;
const mostCents = 10_000_000;

function positive(text: string | null, most = Infinity): number | undefined {
  const value = Number(text);
  return text !== null && Number.isFinite(value) && value > 0 && value <= most ? value : undefined;
}

/** The first hundred letters, none of them cut in half. */
function textOf(text: string): string {
  const letters = Array.from(text.toWellFormed().replaceAll("\u0000", " ").trim());
  return letters.slice(0, 100).join("").trim();
}
