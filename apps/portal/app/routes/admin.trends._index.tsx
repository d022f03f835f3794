import { Anchor, EmptyState, Notice, PageHead, Sparkline, Table, Tabs } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { TrendCard, trendGroups } from "../parts/forecast/trend-card.tsx";
import { titled } from "../parts/frame/titled.ts";
import { groupingOf, groupings, groupName, groupTrendShown } from "../server/operate/group-trends.ts";
import { adminLoader } from "../server/request/handlers.ts";
import { percent } from "../server/words/numbers.ts";

export const loader = adminLoader(async ({ api, url }) => {
  const told = await api.admin.insights.trends({ by: groupingOf(url.searchParams) });
  return {
    by: told.by,
    tooLittle: told.tooLittle,
    groups: [...Map.groupBy(told.trends, (trend) => groupName(trend, told.by))].map(([name, trends]) => ({
      name,
      trends: trends.map((trend) => ({
        type: trend.type,
        share: percent(trend.now),
        shown: groupTrendShown(trend, told),
      })),
    })),
  };
});

type Group = Awaited<ReturnType<typeof loader>>["groups"][number];

export const meta = titled("Trends");

/** What rises and falls where, and among whom. */
export default function GroupTrendsPage() {
  const { by, tooLittle, groups } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Trends"
        lead="Of what is spent, what goes to each category: by market, or by how shoppers behave. Nobody is asked for an age or the like, so there are no groups by such."
        actions={
          groups.length > 0 && (
            <a className="button button--secondary" href={`/portal/admin/trends/file?by=${by}`} download>
              Save as a table
            </a>
          )
        }
      />
      <Tabs
        label="Whose"
        tabs={groupings.map((grouping) => ({
          href: `/portal/admin/trends?by=${grouping.by}`,
          label: grouping.label,
          current: grouping.by === by,
        }))}
      />
      {groups.length === 0 ? (
        <EmptyState title="Nothing can be told yet" headingLevel={2} picture="seedling">
          <p>
            A category is told once ten shoppers or more have bought of it in nine of the last thirteen times
            four weeks.
            {by === "segment" && (
              <>
                {" "}
                Groups are worked out each night, or now under{" "}
                <Anchor href="/portal/admin/shoppers">Shoppers</Anchor>.
              </>
            )}
          </p>
        </EmptyState>
      ) : (
        groups.map((group) => <GroupSection key={group.name} group={group} />)
      )}
      {tooLittle > 0 && (
        <Notice title="Small numbers are held back">
          What fewer than ten shoppers bought in four weeks is told nowhere, nor what it would follow from.{" "}
          {tooLittle === 1 ? "One category of a group has" : `${tooLittle} categories of groups have`} too
          little left for a trend, or are not bought all year.
        </Notice>
      )}
    </>
  );
}

function GroupSection({ group: { name, trends } }: { group: Group }) {
  const moving = trendGroups.flatMap((group) =>
    trends.filter(({ type }) => type === group.type).map(({ shown }) => ({ group, shown })),
  );
  const steady = trends.filter(({ type }) => type === "stable");
  return (
    <section className="stack">
      <h2>{name}</h2>
      {moving.length === 0 ? (
        <p className="soft">Nothing moves beyond what chance does.</p>
      ) : (
        <ul className="trend-cards">
          {moving.map(({ group, shown }) => (
            <TrendCard key={shown.name} item={shown} group={group} />
          ))}
        </ul>
      )}
      {steady.length > 0 && (
        <Table
          caption={`Steady: ${name}`}
          folds
          rows={steady}
          rowKey={({ shown }) => shown.name}
          columns={[
            { key: "name", header: "Category", rowHeader: true, cell: ({ shown }) => shown.name },
            { key: "now", header: "Of what is spent", numeric: true, cell: ({ share }) => share },
            {
              key: "line",
              header: "Two years",
              cell: ({ shown }) => <Sparkline values={shown.values} fromZero label={shown.line} />,
            },
            {
              key: "why",
              header: "What stands out",
              prose: true,
              cell: ({ shown }) => shown.factors.join(" ") || "–",
            },
          ]}
        />
      )}
    </section>
  );
}
