import { trpc, useExposure, useTrackOnce } from "@almanac/client/react";
import type { ProductId } from "@almanac/kernel";
import { Anchor, EmptyState, LinkButton, Notice, PageHead, Pagination } from "@almanac/ui";
import {
  data,
  redirect,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData, useLocation, useSearchParams, type ClientLoaderFunctionArgs } from "@remix-run/react";
import type { ShopPick } from "../products/card.ts";
import { NotifyMe } from "../products/notify-me.tsx";
import { ProductGrid } from "../products/product-grid.tsx";
import { Shelf } from "../products/shelf.tsx";
import { AppliedFilters, appliedFilters, slugInWords } from "../search/applied-filters.tsx";
import { FacetDrawer, FacetForm, productsInWords, sortLabels } from "../search/facet-form.tsx";
import { readFacets } from "../search/facets.ts";
import { hrefOfPriceWords } from "../search/price-words.ts";
import {
  pageOf,
  readSearchQuery,
  searchHref,
  searchPageSize,
  type SearchSort,
} from "../search/search-query.ts";
import { shownSearch, useShownSearch, withShownSearch } from "../search/shown-search.ts";
import { loadBeside } from "../server/answer.server.ts";
import { marketOf } from "../server/visit.server.ts";
import { dayInWords } from "../words/dates.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { api } = context;
  const meant = hrefOfPriceWords(new URL(request.url).searchParams);
  if (meant !== undefined) throw redirect(meant);
  const here = await marketOf(context);
  const query = readSearchQuery(new URL(request.url).searchParams);
  const { page, exact, ...asked } = query;
  const shownAs = shownSearch(request);
  const answer = await api.search.query({
    ...here,
    ...asked,
    ...(shownAs && { shownAs }),
    correct: !exact,
    limit: searchPageSize,
    offset: (page - 1) * searchPageSize,
  });
  const lastPage = pageOf(answer.total, page);
  if (lastPage < page)
    throw redirect(searchHref(new URL(request.url).searchParams, { page: String(lastPage) }));
  const picks = answer.hits.map((hit) => ({ card: hit.card }));
  const { emptyHint } = answer;
  const [instead, alerts] = await Promise.all([
    picks.length === 0 ? loadBeside(() => api.recsys.home({ ...here, sections: ["inSeason"] })) : undefined,
    emptyHint && loadBeside(() => api.stockAlerts.list()),
  ]);
  return data(
    {
      query,
      picks,
      searchId: answer.searchId,
      total: answer.total,
      correctedTo: answer.correctedTo,
      didYouMean: answer.didYouMean,
      unmet: answer.unmet,
      emptyHint: emptyHint && {
        ...emptyHint,
        isWaitedFor: alerts?.some(({ product }) => product.id === emptyHint.productId) ?? false,
      },
      facets: readFacets(answer.facets),
      tookMs: answer.tookMs,
      instead: instead?.inSeason.slice(0, 6),
    },
    { headers: { "Server-Timing": `search;dur=${answer.tookMs}` } },
  );
}

/** Loads what is on show again under the search that it was logged as: a basket that changes is no new search. */
export function clientLoader({ request, serverLoader }: ClientLoaderFunctionArgs) {
  return withShownSearch(request, () => serverLoader<typeof loader>());
}

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export const meta: MetaFunction<typeof loader> = ({ data: found }) => [
  { title: `${found ? found.query.q || titleOf(found.query) : "Search"} · Almanac` },
];

export default function Search() {
  const { query, picks, total, tookMs, facets, searchId } = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  useSearchTracking();
  useShownSearch(searchId);
  const open = useOpenedHit();
  const seen = useExposure("search");
  const canNarrow = total > 0 || appliedFilters(facets, query).length > 0;
  return (
    <>
      <PageHead
        title={titleOf(query)}
        lead={<ResultLine total={total} tookMs={tookMs} {...(query.sort && { sort: query.sort })} />}
      />
      <div className="stack">
        <Correction />
        <Unmet />
        <AppliedFilters facets={facets} query={query} />
        <div className={canNarrow ? "beside beside--start" : undefined}>
          {canNarrow && (
            <FacetDrawer total={total}>
              <FacetForm facets={facets} query={query} />
            </FacetDrawer>
          )}
          <div className="stack" ref={seen}>
            {picks.length > 0 && <BackLater />}
            {picks.length > 0 ? (
              <ProductGrid label="Results" picks={picks} headingLevel={2} wide={false} onOpen={open} />
            ) : (
              <NothingFound />
            )}
            <Pagination
              page={query.page}
              pages={Math.ceil(total / searchPageSize)}
              hrefFor={(page) => searchHref(search, { page: String(page) })}
            />
          </div>
        </div>
      </div>
    </>
  );
}

type Found = ReturnType<typeof useLoaderData<typeof loader>>;

function titleOf(query: Found["query"]): string {
  if (query.q) return `Results for “${query.q}”`;
  if (query.inSeason && !query.category) return "In season now";
  return query.category ? slugInWords(query.category) : "Everything on sale";
}

function ResultLine({ total, tookMs, sort }: { total: number; tookMs: number; sort?: SearchSort }) {
  return (
    <span role="status">
      {productsInWords(total)}
      {sort && `, ${sortLabels[sort].toLowerCase()}`}, found in {Math.max(1, Math.round(tookMs))} ms
    </span>
  );
}

function Correction() {
  const { query, correctedTo, didYouMean } = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  if (didYouMean)
    return (
      <p>
        Did you mean{" "}
        <Anchor href={searchHref(search, { q: didYouMean })}>
          <strong>{didYouMean}</strong>
        </Anchor>
        ?
      </p>
    );
  if (!correctedTo) return null;
  return (
    <p>
      Showing results for{" "}
      <Anchor href={searchHref(search, { q: correctedTo })}>
        <strong>{correctedTo}</strong>
      </Anchor>{" "}
      instead of “{query.q}”.{" "}
      <Anchor href={searchHref(search, { exact: "1" })}>Search for “{query.q}” as typed</Anchor>
    </p>
  );
}

/** Above what was found by the other words: that it need not be "gluten free". */
function Unmet() {
  const { unmet, total } = useLoaderData<typeof loader>();
  if (!unmet || total === 0) return null;
  const what = unmet.map((words) => `“${words}”`).join(" and ");
  return (
    <Notice icon="info" title={`No farm says ${what} of anything it sells here`}>
      These match the rest of your words. Ask the farm before you rely on it.
    </Notice>
  );
}

/** Above results of which none can be had: when the best of them is back. */
function BackLater() {
  const { emptyHint } = useLoaderData<typeof loader>();
  return emptyHint ? (
    <Notice icon="leaf" title={hintWords(emptyHint)} actions={<TellMe hint={emptyHint} />} />
  ) : null;
}

/** Nothing: when it is back, and what there is instead. */
function NothingFound() {
  const { emptyHint, instead, query, facets } = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  const filters = appliedFilters(facets, query);
  const withoutFilters = Object.fromEntries(filters.map(({ name }) => [name, undefined]));
  return (
    <>
      <EmptyState
        title={emptyHint ? `${emptyHint.name}: not right now` : "Nothing like that this week"}
        picture="seedling"
        headingLevel={2}
        actions={
          <>
            {emptyHint && <TellMe hint={emptyHint} />}
            {filters.length > 0 && (
              <LinkButton href={searchHref(search, withoutFilters)}>
                {filters.length === 1 ? "Take the filter off" : "Take the filters off"}
              </LinkButton>
            )}
            <LinkButton href="/search?inSeason=1" tone="secondary">
              See what is in season
            </LinkButton>
          </>
        }
      >
        {emptyHint ? <p>{hintWords(emptyHint)}</p> : <p>{nothingWords(query, filters.length > 0)}</p>}
      </EmptyState>
      {instead && instead.length > 0 && (
        <Shelf name="search-instead" title="Good right now" picks={instead} />
      )}
    </>
  );
}

function nothingWords({ q, category }: Found["query"], isNarrowed: boolean): string {
  if (q && isNarrowed) return `We found nothing for “${q}” with these filters.`;
  if (q) return `We found nothing for “${q}”. ${/\s/.test(q) ? "Fewer" : "Other"} words may help.`;
  if (isNarrowed) return "Fewer filters may help.";
  return category ? "Nobody sells anything of this kind here." : "Nothing is on sale here.";
}

type Hint = NonNullable<Found["emptyHint"]>;

function TellMe({ hint: { productId, name, reason, isWaitedFor } }: { hint: Hint }) {
  return (
    <NotifyMe
      key={productId}
      product={{ id: productId, name }}
      kind={reason === "off_season" ? "BACK_IN_SEASON" : "BACK_IN_STOCK"}
      isOn={isWaitedFor}
    />
  );
}

function hintWords({ name, reason, returnsOn }: Hint): string {
  if (reason === "sold_out") return `${name}: sold out for this market day.`;
  if (!returnsOn) return `${name}: not in season.`;
  return `${name}: in season again on ${dayInWords(returnsOn, "date")}.`;
}

/** SEARCH for words, FILTER_CATEGORY for a category: once for each address that is looked at. */
function useSearchTracking(): void {
  const { query, total } = useLoaderData<typeof loader>();
  const { key } = useLocation();
  const { q, category } = query;
  useTrackOnce(
    `${key} ${q}`,
    q
      ? { action: "SEARCH", entityType: "SEARCH", entityId: q, metadata: { query: q, results: total } }
      : undefined,
  );
  useTrackOnce(
    `${key} ${category}`,
    category ? { action: "FILTER_CATEGORY", entityType: "CATEGORY", entityId: category } : undefined,
  );
}

/** Tells the search which of its results was opened. */
function useOpenedHit() {
  const { searchId, query } = useLoaderData<typeof loader>();
  // Nothing on the page depends on it: a click that is not noted is only missing from the figures.
  const { mutate } = trpc.search.click.useMutation();
  return ({ card }: ShopPick, rank: number): void => {
    const position = (query.page - 1) * searchPageSize + rank;
    mutate({ searchId, productId: card.id as ProductId, position });
  };
}
