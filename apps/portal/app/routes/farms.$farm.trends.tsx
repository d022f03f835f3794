import { formatRoughQuantity } from "@almanac/kernel";
import { Anchor, Card, PageHead, pictureFor, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { TrendCard, trendGroups, type TrendShown } from "../parts/forecast/trend-card.tsx";
import { NotYet } from "../parts/frame/not-yet.tsx";
import { titled } from "../parts/frame/titled.ts";
import { farmLoader } from "../server/request/handlers.ts";
import { patternWords, sureness, weekRows, type Trend } from "../server/forecast/trend-words.ts";

export const loader = farmLoader(async ({ api, farm }) => {
  const { products, patterns, marketDays } = await api.growing.trends({ farmId: farm.id });
  const view = (trend: Trend): TrendShown & { id: string; href: string } => ({
    id: trend.productId,
    href: `/portal/farms/${farm.slug}/forecast/${trend.productId}`,
    name: trend.name,
    picture: pictureFor({ name: trend.name }),
    values: trend.weeks,
    line: `Sales of ${trend.name} over the last year, by week`,
    table: {
      caption: `Sales of ${trend.name} by week`,
      when: "Week of",
      what: "Sold",
      rows: weekRows(trend).map(({ week, sold }) => ({ when: week, value: sold })),
    },
    now: `${formatRoughQuantity(latest(trend.weeks), trend.baseUnit)} a market day now`,
    sure: trend.type === "rising" || trend.type === "falling" ? sureness(trend.confidence) : "",
    factors: trend.factors,
    strength: `${Math.round(100 * trend.strength)}\u00a0%`,
  });
  const byType = Map.groupBy(products, ({ type }) => type);
  return {
    home: `/portal/farms/${farm.slug}`,
    marketDays,
    patterns: patterns.map(patternWords),
    groups: trendGroups.map((group) => ({
      group,
      items: (byType.get(group.type) ?? []).sort((a, b) => b.strength - a.strength).map(view),
    })),
    steady: (byType.get("stable") ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)).map(view),
  };
});

/** The mean of the latest four weeks. */
function latest(weeks: readonly (number | null)[]): number {
  const known = weeks.slice(-4).filter((value) => value !== null);
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}

export const meta = titled("Trends");

/** What rises, what falls, and what the farm's sales follow. */
export default function Trends() {
  const { home, marketDays, patterns, groups: shown, steady } = useLoaderData<typeof loader>();
  const told = shown.some(({ items }) => items.length > 0);
  return (
    <>
      <PageHead
        title="Trends"
        lead="What rises and falls by itself. The time of the year is taken out where two years are known, and of twenty products told to move about one does not."
      />
      {marketDays === 0 ? (
        <NotYet home={home} title="Nothing was sold yet">
          After some market days with sales this page tells what moves.
        </NotYet>
      ) : (
        <>
          {patterns.length > 0 && (
            <Card title="What your sales follow">
              <ul className="plain-list">
                {patterns.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </Card>
          )}
          {!told && <p className="soft">Nothing moves beyond what chance does. That is an answer, too.</p>}
          {shown.map(
            ({ group, items }) =>
              items.length > 0 && (
                <section key={group.type} className="stack">
                  <h2>{group.title}</h2>
                  <ul className="trend-cards">
                    {items.map((item) => (
                      <TrendCard key={item.id} item={item} group={group} />
                    ))}
                  </ul>
                </section>
              ),
          )}
          {steady.length > 0 && (
            <section className="stack">
              <h2>Steady</h2>
              <Table
                caption="Products without a trend"
                captionHidden
                rows={steady}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: "name",
                    header: "Product",
                    rowHeader: true,
                    cell: ({ name, href }) => <Anchor href={href}>{name}</Anchor>,
                  },
                  { key: "now", header: "How much", cell: ({ now }) => now },
                  { key: "why", header: "What stands out", cell: ({ factors }) => factors.join(" ") },
                ]}
              />
            </section>
          )}
        </>
      )}
    </>
  );
}
