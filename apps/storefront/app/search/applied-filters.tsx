import { Chips, amountOf } from "@almanac/ui";
import { useSearchParams } from "@remix-run/react";
import type { Facets } from "./facets.ts";
import { searchHref, type SearchQuery } from "./search-query.ts";

/** What narrows the results, above them: each takes itself off. Nothing where nothing narrows them. */
export function AppliedFilters({ facets, query }: { facets: Facets; query: SearchQuery }) {
  const [search] = useSearchParams();
  const chips = appliedFilters(facets, query).map(({ name, label }) => ({
    label,
    href: searchHref(search, { [name]: undefined }),
    on: true,
    removes: true,
  }));
  return chips.length > 0 ? <Chips label="Narrowed by; tap to take off" chips={chips} /> : null;
}

export interface AppliedFilter {
  /** As in the address. */
  readonly name: keyof SearchQuery;
  readonly label: string;
}

/** The filters of a search in words. A category alone is what the page is about, and no filter. */
export function appliedFilters(facets: Facets, query: SearchQuery): AppliedFilter[] {
  const among = (choices: readonly { value: string; label: string }[], value: string, otherwise: string) =>
    choices.find((choice) => choice.value === value)?.label ?? otherwise;
  const found: AppliedFilter[] = [];
  const add = (name: keyof SearchQuery, label: string) => found.push({ name, label });
  if (query.category && query.q) {
    add("category", among(facets.categories, query.category, slugInWords(query.category)));
  }
  if (query.inSeason) add("inSeason", "In season");
  if (query.organic) add("organic", "Organic");
  if (query.snap) add("snap", "Accepts SNAP");
  if (query.farm) add("farm", among(facets.farms, query.farm, slugInWords(query.farm)));
  if (query.maxKm) add("maxKm", `Within ${query.maxKm} km`);
  if (query.maxPriceCents) add("maxPriceCents", `Up to ${amountOf(query.maxPriceCents)}`);
  return found;
}

/** "root-vegetables" as "Root vegetables". */
export function slugInWords(slug: string): string {
  const text = slug.replaceAll("-", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
