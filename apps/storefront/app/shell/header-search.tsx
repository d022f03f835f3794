import { searchDelayMs, useDebounced, useSmartSearch } from "@almanac/client/react";
import { SearchBox, type SearchSuggestion } from "@almanac/ui";
import { useNavigate, useSearchParams, useLocation } from "@remix-run/react";
import { useEffect, useState } from "react";
import { pictureOf } from "../products/card.ts";
import { hrefOfPriceWords, readPriceWords } from "../search/price-words.ts";
import { readSearchQuery, searchHref } from "../search/search-query.ts";
import { dayInWords } from "../words/dates.ts";

/** The search field of every page: suggestions as one types, on the search page the results themselves. */
export function HeaderSearch() {
  const [search] = useSearchParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const shown = pathname === "/search" ? readSearchQuery(search).q : "";
  const [typed, setTyped] = useState("");
  const isResultPage = pathname === "/search";
  const { data } = useSmartSearch(isResultPage ? "" : (readPriceWords(typed)?.q ?? typed));
  useInstantResults(typed, isResultPage);
  const suggestions = !isResultPage && typed.trim().length >= 2 && data ? suggestionsOf(data) : [];
  return (
    <SearchBox
      action="/search"
      label="Search products and farms"
      placeholder="tomatoes, eggs, something for the grill"
      defaultValue={shown}
      suggestions={suggestions}
      onQueryChange={setTyped}
      onSubmit={(event) => {
        event.preventDefault();
        const words = new FormData(event.currentTarget).get("q");
        setTyped("");
        navigate(`/search?q=${encodeURIComponent(typeof words === "string" ? words.trim() : "")}`);
      }}
    />
  );
}

/** Searches again once typing pauses, in place of the page before. */
function useInstantResults(typed: string, isOn: boolean): void {
  const navigate = useNavigate();
  const words = useDebounced(typed.trim(), searchDelayMs);
  useEffect(() => {
    if (!isOn || words.length < 2) return;
    const now = new URLSearchParams(window.location.search).get("q");
    if (words === now) return;
    const search = new URLSearchParams({ q: words });
    // What words about a price lead to, not by way of the server's answer: that would take the field from who types.
    navigate(hrefOfPriceWords(search) ?? searchHref(search, {}), {
      replace: true,
      preventScrollReset: true,
      state: { keepsField: true },
    });
  }, [words, isOn, navigate]);
}

type Suggested = NonNullable<ReturnType<typeof useSmartSearch>["data"]>;

function suggestionsOf({ products, categories, farms }: Suggested): SearchSuggestion[] {
  return [
    ...products.map(({ id, name, marks, slug, picture, isAvailable, returnsOn }) => ({
      id: `product-${id}`,
      label: name,
      marks,
      href: `/products/${slug}`,
      picture: pictureOf({ picture, name }),
      ...(!isAvailable && {
        detail: returnsOn ? `again from ${dayInWords(returnsOn, "short-day")}` : "sold out",
      }),
    })),
    ...categories.slice(0, 3).map(({ slug, name, marks, count }) => ({
      id: `category-${slug}`,
      label: name,
      marks,
      href: `/search?category=${slug}`,
      detail: `category, ${count}`,
    })),
    ...farms.slice(0, 3).map(({ slug, name, marks }) => ({
      id: `farm-${slug}`,
      label: name,
      marks,
      href: `/farms/${slug}`,
      detail: "farm",
    })),
  ];
}
