import { pictureFor } from "@almanac/ui";
import type { TrendShown } from "../../parts/forecast/trend-card.tsx";
import { sureness } from "../forecast/trend-words.ts";
import type { Api } from "../request/person.ts";
import { dayAt } from "../words/dates.ts";
import { percent } from "../words/numbers.ts";
import { segmentName } from "./segment-names.ts";

export type GroupTrends = Awaited<ReturnType<Api["admin"]["insights"]["trends"]>>;
type GroupTrend = GroupTrends["trends"][number];

export const groupings = [
  { by: "market", label: "By market" },
  { by: "segment", label: "By how shoppers behave" },
] as const;

/** The grouping that an address asks for; by market unless it says otherwise. */
export const groupingOf = (params: URLSearchParams): GroupTrends["by"] =>
  params.get("by") === "segment" ? "segment" : "market";

const rough = (share: number): string => `${Math.round(100 * Math.abs(share))}\u00a0%`;

/** The name of the group that a trend is of, as people say it. */
export const groupName = ({ group, groupName: name }: GroupTrend, by: GroupTrends["by"]): string =>
  by === "segment" ? segmentName(group) : name;

/** A trend of a group as its card shows it. */
export function groupTrendShown(trend: GroupTrend, { by, periods }: GroupTrends): TrendShown {
  const { categoryName, shares, type, confidence, strength } = trend;
  const of = groupName(trend, by);
  return {
    name: categoryName,
    picture: pictureFor({ name: categoryName, category: trend.category }),
    now: `${percent(trend.now)} of what is spent`,
    values: shares,
    line: `Share of ${categoryName} in what is spent: ${of}, two years by four weeks`,
    table: {
      caption: `Share of ${categoryName} in what is spent: ${of}`,
      when: "Four weeks from",
      what: "Share",
      rows: shares
        .map((share, at) => ({
          when: dayAt(periods[at]!.from, "UTC"),
          value: share === null ? "held back" : percent(share),
        }))
        .toReversed(),
    },
    factors: factorsOf(trend),
    sure: type === "rising" || type === "falling" ? sureness(confidence) : "",
    strength: `${Math.round(100 * strength)}\u00a0%`,
  };
}

function factorsOf({ type, changePerPeriod, basis, yearOnYear }: GroupTrend): string[] {
  const factors: string[] = [];
  if (type === "rising" || type === "falling")
    factors.push(
      `About ${rough(changePerPeriod)} ${changePerPeriod > 0 ? "more" : "less"} every four weeks, ${
        basis === "year"
          ? "beside the year before"
          : "as sold: a year before is needed to take the season out"
      }.`,
    );
  if (yearOnYear !== null && Math.abs(yearOnYear) >= 0.05)
    factors.push(
      `Its share of the year is ${rough(yearOnYear)} ${yearOnYear > 0 ? "above" : "below"} that of the year before.`,
    );
  return factors;
}

/** All that the page tells as rows of a file: what it holds back is held back here too. */
export function groupTrendRows({ by, periods, trends }: GroupTrends): (string | number)[][] {
  return [
    [
      by === "market" ? "market" : "group",
      "category",
      "trend",
      "change every four weeks",
      "beside the year before",
      "compared with",
      ...periods.map(({ from }) => `share from ${from.slice(0, 10)}`),
    ],
    ...trends.map((trend) => [
      groupName(trend, by),
      trend.categoryName,
      trend.type,
      Number(trend.changePerPeriod.toFixed(4)),
      trend.yearOnYear === null ? "" : Number(trend.yearOnYear.toFixed(4)),
      trend.basis === "year" ? "the year before" : "nothing",
      ...trend.shares.map((share) => (share === null ? "held back" : Number(share.toFixed(4)))),
    ]),
  ];
}
