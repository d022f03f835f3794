import { amountOf, Anchor, BarChart, Card, EmptyState, Notice, PageHead, StatTile, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { Act } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { segmentName } from "../server/operate/segment-names.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";

export const loader = adminLoader(async ({ api, now }) => {
  const [{ segments, flows, computedAt, ...figures }, outlook] = await Promise.all([
    api.admin.insights.segments({}),
    api.admin.outlook.overview({ limit: 25 }),
  ]);
  return {
    outlook: {
      ...outlook,
      computedAt: outlook.computedAt && momentAt(outlook.computedAt, "UTC", now),
      shoppers: outlook.shoppers.map(({ shopperId, name, ...one }) => ({
        ...one,
        id: shopperId,
        name: name ?? `Shopper ${shopperId.slice(-6)}`,
      })),
    },
    ...figures,
    computedAt: computedAt && momentAt(computedAt, "UTC", now),
    segments: segments.map((one) => ({ ...one, name: segmentName(one.segment) })),
    flows: flows.map(({ from, to, people }) => ({
      from: segmentName(from),
      to: segmentName(to),
      people,
      isStay: from === to,
    })),
  };
});

export const action = adminAction({
  recompute: async ({ api, fields }) => {
    fields.done();
    await api.admin.outlook.recompute();
    const { profiled, moved } = await api.admin.insights.recompute();
    return {
      message: `Worked out anew, for ${counted(profiled, "shopper")}; ${moved} moved to another group.`,
    };
  },
});

const counted = (n: number, what: string): string =>
  `${n.toLocaleString("en-GB")} ${what}${n === 1 ? "" : "s"}`;
const percent = (share: number): string => `${(100 * share).toFixed(1)}\u00a0%`;

/** Whom the shop is about to lose, with reasons; those first with whom most would be lost. */
function AtRisk() {
  const { outlook } = useLoaderData<typeof loader>();
  const { computedAt, atRisk, active, away, resting, valueCents, shoppers } = outlook;
  if (!computedAt) {
    return (
      <Notice title="Nobody knows yet who may stay away">
        This fills when a <Anchor href="/portal/admin/models">model</Anchor> is live.
      </Notice>
    );
  }
  return (
    <Card title="Who may stay away">
      <div className="stack">
        <p>
          {counted(atRisk, "shopper")} of {counted(active, "active one")}: with a chance of three in ten or
          more they place no order for sixty open days, or for three of their usual gaps.{" "}
          {counted(away, "shopper")} have been away for so long already
          {resting > 0 && `, and ${counted(resting, "shopper")} wait for their market to open again`}.
          {valueCents !== null &&
            ` Together, shoppers are expected to spend ${amountOf(valueCents)} in the coming half-year.`}
        </p>
        <Table
          caption="At risk, those first with whom most would be lost"
          folds
          rows={shoppers}
          rowKey={({ id }) => id}
          empty="Nobody is at risk."
          columns={[
            {
              key: "name",
              header: "Shopper",
              rowHeader: true,
              cell: ({ name }) => <span className="nowrap">{name}</span>,
            },
            {
              key: "chance",
              header: "Chance",
              numeric: true,
              cell: ({ churnProbability }) => `${Math.round(100 * churnProbability)}\u00a0%`,
            },
            {
              key: "value",
              header: "Half a year’s worth",
              numeric: true,
              cell: ({ valueCents: cents }) => (cents === null ? "–" : amountOf(cents)),
            },
            {
              key: "why",
              header: "Why",
              prose: true,
              cell: ({ reasons }) => <span className="small">{reasons.join("; ") || "–"}</span>,
            },
          ]}
        />
        <p className="small soft">As of {computedAt} UTC. Who refused to be profiled is not in it.</p>
      </div>
    </Card>
  );
}

export const meta = titled("Shoppers");

/** How shoppers behave, in groups, and those whom the shop is about to lose. */
export default function Shoppers() {
  const { total, heldBack, refused, computedAt, segments, flows, isFlowPartial } =
    useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Shoppers"
        lead={
          computedAt ? `Worked out each night, the last time on ${computedAt} UTC.` : "Worked out each night."
        }
        actions={<Act intent="recompute" label="Work it out now" icon="undo" />}
      />
      <OutcomeNotice />
      <AtRisk />
      {total === 0 ? (
        <EmptyState title="Nobody is profiled yet">
          The first night fills this page, or the button above does it now.
        </EmptyState>
      ) : (
        <>
          <div className="tile-grid">
            <StatTile
              label="Shoppers"
              value={total.toLocaleString("en-GB")}
              change={{ text: "who may be profiled" }}
            />
            <StatTile
              label="Left alone"
              value={refused.toLocaleString("en-GB")}
              change={{ text: "do not want to be profiled" }}
            />
          </div>
          <Card>
            <BarChart
              headingLevel={2}
              title="Groups"
              summary={`Everybody is in one group, so they sum to ${counted(total, "shopper")}.`}
              labelHeader="Group"
              valueHeader="Shoppers"
              bars={[
                ...segments.flatMap(({ name, people }) =>
                  people === null ? [] : { label: name, value: people },
                ),
                ...(heldBack > 0 ? [{ label: "Held back", value: heldBack }] : []),
              ]}
              format={(value) => value.toLocaleString("en-GB")}
            />
          </Card>
          {heldBack > 0 && (
            <Notice title="Small groups are held back">
              {counted(heldBack, "shopper")}, {percent(heldBack / total)} of all, are in groups whose size
              would say too much of single people; they show together as one bar.
            </Notice>
          )}
          <Table
            caption="The rules"
            folds
            rows={segments}
            rowKey={({ segment }) => segment}
            empty="No group."
            columns={[
              { key: "name", header: "Group", rowHeader: true, cell: (row) => row.name },
              {
                key: "rule",
                header: "Who is in it",
                prose: true,
                cell: (row) => <span className="small">{row.rule}</span>,
              },
              {
                key: "people",
                header: "Shoppers",
                numeric: true,
                cell: (row) => (row.people === null ? "held back" : row.people.toLocaleString("en-GB")),
              },
              {
                key: "share",
                header: "Share",
                numeric: true,
                cell: (row) => (row.share === null ? "–" : percent(row.share)),
              },
            ]}
          />
          <Table
            caption="Who moved in four weeks"
            rows={flows}
            rowKey={({ from, to }) => `${from} ${to}`}
            empty="No move of ten people or more."
            columns={[
              { key: "from", header: "From", rowHeader: true, cell: (row) => row.from },
              { key: "to", header: "To", cell: (row) => (row.isStay ? "stayed" : row.to) },
              {
                key: "people",
                header: "Shoppers",
                numeric: true,
                cell: (row) => row.people.toLocaleString("en-GB"),
              },
            ]}
          />
          {isFlowPartial && (
            <p className="soft small">
              Moves of fewer than ten people, and those of groups that are held back, are left out.
            </p>
          )}
        </>
      )}
    </>
  );
}
