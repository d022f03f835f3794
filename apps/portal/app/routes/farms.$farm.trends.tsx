import { formatRoughQuantity } from "@almanac/kernel";
import { Anchor, Badge, Card, PageHead, Picture, pictureFor, Sparkline, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { NotYet } from "../parts/frame/not-yet.tsx";
import { titled } from "../parts/frame/titled.ts";
import { farmLoader } from "../server/request/handlers.ts";
import { patternWords, sureness, weekRows, type Trend } from "../server/forecast/trend-words.ts";

const groups = [
  { type: "rising", title: "Rising", badge: "rising" },
  { type: "falling", title: "Falling", badge: "falling" },
  { type: "volatile", title: "Up and down", badge: "up and down" },
] as const;

export const loader = farmLoader(async ({ api, farm }) => {
  const { products, patterns, marketDays } = await api.growing.trends({ farmId: farm.id });
  const view = (trend: Trend) => ({
    id: trend.productId,
    href: `/portal/farms/${farm.slug}/forecast/${trend.productId}`,
    name: trend.name,
    picture: pictureFor({ name: trend.name }),
    weeks: trend.weeks,
    table: weekRows(trend),
    now: formatRoughQuantity(latest(trend.weeks), trend.baseUnit),
    sure: trend.type === "rising" || trend.type === "falling" ? sureness(trend.confidence) : "",
    factors: trend.factors,
    strength: `${Math.round(100 * trend.strength)}\u00a0%`,
  });
  const byType = Map.groupBy(products, ({ type }) => type);
  return {
    home: `/portal/farms/${farm.slug}`,
    marketDays,
    patterns: patterns.map(patternWords),
    groups: groups.map((group) => ({
      ...group,
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

type View = Awaited<ReturnType<typeof loader>>;

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
            ({ type, title, badge, items }) =>
              items.length > 0 && (
                <section key={type} className="stack">
                  <h2>{title}</h2>
                  <ul className="trend-cards">
                    {items.map((item) => (
                      <TrendCard key={item.id} item={item} badge={badge} />
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
                  { key: "now", header: "A market day", numeric: true, cell: ({ now }) => now },
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

function TrendCard({ item, badge }: { item: View["steady"][number]; badge: string }) {
  return (
    <li className="card trend-card">
      <div className="price-card__head">
        <Picture className="row__picture" shape="thumb" name={item.picture} alt="" />
        <div>
          <h3 className="price-card__name">
            <Anchor href={item.href}>{item.name}</Anchor>
          </h3>
          <span className="small soft">{item.now} a market day now</span>
        </div>
        <Badge tone={badge === "rising" ? "good" : badge === "falling" ? "urgent" : "calm"}>{badge}</Badge>
      </div>
      <div className="trend-card__line">
        <Sparkline values={item.weeks} fromZero label={`Sales of ${item.name} over the last year, by week`} />
      </div>
      <details className="plot__table">
        <summary aria-label={`${item.name} as a table`}>As a table</summary>
        <Table
          caption={`Sales of ${item.name} by week`}
          captionHidden
          dense
          tall
          rows={item.table}
          rowKey={({ week }) => week}
          columns={[
            { key: "week", header: "Week of", rowHeader: true, cell: ({ week }) => week },
            { key: "sold", header: "Sold", numeric: true, cell: ({ sold }) => sold },
          ]}
        />
      </details>
      <ul className="plain-list small">
        {item.factors.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <p className="small soft">
        {item.sure && `We are ${item.sure}. `}The trend explains {item.strength} of its movement.
      </p>
    </li>
  );
}
