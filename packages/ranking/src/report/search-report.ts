import type { Queryable } from "@almanac/db";
import { days, type Clock } from "@almanac/kernel";
import { clickShare, type ClickShare } from "../core/clicks/click-share.ts";
import { priorExamination } from "../core/clicks/examination.ts";
import { readExamination } from "../store/ranking-models.ts";
import { countDays, countQueries, type CountedQuery, type SearchCounts } from "../store/search-report.ts";

/** Raw searches are kept for so many days: what a report can look back on. */
export const searchesKeptDays = 90;

/** What was typed once or twice may be anything, a name too: it is counted, and not shown. */
const minSearches = 3;
const mostQueries = 5_000;
/** Queries of each list. */
const listed = 25;

export interface QueryReport extends SearchCounts {
  readonly query: string;
  readonly meanPlace: number | undefined;
  /** Of the searches, those with a click. */
  readonly clicks: ClickShare | undefined;
  /**
   * Of the places that were probably looked at, those that were opened: what a product that stands low is opened by whoever
   * gets there. Absent where nothing was shown.
   */
  readonly perLook: ClickShare | undefined;
}

export interface SearchReport {
  readonly days: number;
  readonly total: SearchCounts & { readonly clicks: ClickShare | undefined };
  /** Every day of the window, those without a search too. */
  readonly byDay: readonly {
    readonly day: string;
    readonly searches: number;
    readonly clicked: number;
    readonly ordered: number;
    readonly empty: number;
  }[];
  /** Queries that are shown, and searches of those that are too rare to be. */
  readonly queries: number;
  readonly rareSearches: number;
  readonly frequent: readonly QueryReport[];
  /** Those that found nothing, the most frequent first. */
  readonly empty: readonly QueryReport[];
  /** Those that took longest. */
  readonly slow: readonly QueryReport[];
  /** Those that led to orders, the most first. */
  readonly sold: readonly QueryReport[];
  /** Chance that each of the first ten places is looked at. */
  readonly examination: readonly number[];
  /** When it was estimated from clicks; `null` while it is what is believed beforehand. */
  readonly examinedAt: string | null;
}

/** What was searched for in the last days, what came of it, and what it took. Simulated shoppers are left out. */
export async function searchReport(
  db: Queryable,
  clock: Clock,
  { days: length }: { days: number },
): Promise<SearchReport> {
  const to = clock.now();
  const window = { from: new Date(to.getTime() - days(length)), to };
  const known = await readExamination(db);
  const examination = known?.values ?? priorExamination();
  const queries = await countQueries(db, window, { examination, minSearches, limit: mostQueries });
  const dayCounts = await countDays(db, window, examination);
  const total = sumOf(dayCounts);
  const reports = queries.map(reportOf);
  const best = (
    keep: (row: QueryReport) => boolean,
    by: (row: QueryReport) => number,
  ): readonly QueryReport[] =>
    reports
      .filter(keep)
      .toSorted((a, b) => by(b) - by(a))
      .slice(0, listed);
  return {
    days: length,
    total: { ...total, clicks: clickShare(total.clicked, total.searches) },
    byDay: everyDay(window, dayCounts),
    queries: queries.length,
    rareSearches: total.searches - queries.reduce((sum, { searches }) => sum + searches, 0),
    frequent: reports.slice(0, listed),
    empty: best(
      ({ empty }) => empty > 0,
      ({ empty }) => empty,
    ),
    slow: best(
      () => true,
      ({ slowMs }) => slowMs,
    ).slice(0, 10),
    sold: best(
      ({ ordered }) => ordered > 0,
      ({ ordered }) => ordered,
    ),
    examination: Array.from(examination).slice(0, 10),
    examinedAt: known?.at.toISOString() ?? null,
  };
}

function reportOf(row: CountedQuery): QueryReport {
  return {
    ...row,
    clicks: clickShare(row.clicked, row.searches),
    perLook: clickShare(row.clicked, row.looks),
  };
}

function sumOf(rows: readonly SearchCounts[]): SearchCounts {
  const sum = (key: keyof SearchCounts): number => rows.reduce((total, row) => total + row[key], 0);
  return {
    searches: sum("searches"),
    clicked: sum("clicked"),
    ordered: sum("ordered"),
    empty: sum("empty"),
    looks: sum("looks"),
    slowMs: Math.max(0, ...rows.map(({ slowMs }) => slowMs)),
  };
}

function everyDay(
  { from, to }: { from: Date; to: Date },
  counts: readonly (SearchCounts & { readonly day: string })[],
): SearchReport["byDay"] {
  const byDay = new Map(counts.map((row) => [row.day, row]));
  const all: string[] = [];
  for (let at = from.getTime() + days(1); at <= to.getTime(); at += days(1))
    all.push(new Date(at).toISOString().slice(0, 10));
  const first = from.toISOString().slice(0, 10);
  return [...(byDay.has(first) ? [first] : []), ...all].map((day) => {
    const { searches = 0, clicked = 0, ordered = 0, empty = 0 } = byDay.get(day) ?? {};
    return { day, searches, clicked, ordered, empty };
  });
}
