import { BarChart, Card, EmptyState, LineChart, PageHead, StatTile, Tabs } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { QueryTable } from "../parts/ranking/query-table.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt, shortDay } from "../server/words/dates.ts";
import { adminLoader } from "../server/request/handlers.ts";
import { count, duration, percent } from "../server/words/numbers.ts";

const lengths = [7, 30, 90] as const;

export const loader = adminLoader(async ({ api, url, now }) => {
  const asked = Number(url.searchParams.get("days"));
  const days = lengths.find((length) => length === asked) ?? 30;
  const report = await api.admin.search.report({ days });
  return {
    ...report,
    byDay: report.byDay.map((row) => ({ ...row, label: shortDay(row.day) })),
    examinedAt: report.examinedAt && momentAt(report.examinedAt, "UTC", now),
  };
});

export const meta = titled("Searches");

/** What was searched for, and what came of it. */
export default function Searches() {
  const { days, total } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Searches"
        lead="What shoppers look for, what they find, and what it leads to. Nothing here says who it was."
      />
      <Tabs
        label="How far back"
        tabs={lengths.map((length) => ({
          href: `/portal/admin/search?days=${length}`,
          label: `${length} days`,
          current: length === days,
        }))}
      />
      {total.searches === 0 ? (
        <EmptyState title="Nobody searched yet" headingLevel={2} picture="seedling">
          <p>
            Each search of a shopper who may be followed is counted here, with what was opened and bought
            after it.
          </p>
        </EmptyState>
      ) : (
        <Report />
      )}
    </>
  );
}

function Report() {
  const { frequent, empty, slow, sold, rareSearches } = useLoaderData<typeof loader>();
  return (
    <>
      <Totals />
      <OverDays />
      <QueryTable
        caption="Searched for most"
        note={
          rareSearches > 0
            ? `${rareSearches === 1 ? "One search for words that were typed once or twice is" : `${count(rareSearches)} searches for words that were typed once or twice are`} counted above and not shown: such words may be a name.`
            : undefined
        }
        rows={frequent}
        empty="Nothing was searched for three times yet."
        columns={["searches", "clicks", "perLook", "place", "ordered"]}
      />
      <div className="beside beside--even">
        <QueryTable
          caption="Found nothing"
          note="What is asked for and not to be had: words for the synonyms, or for a farmer."
          rows={empty}
          empty="Every search that is shown here found something."
          columns={["empty", "searches"]}
        />
        <QueryTable
          caption="Led to orders"
          note="The last search within a day before an order of what was opened in it."
          rows={sold}
          empty="No order came from a search yet."
          columns={["ordered", "searches", "clicks"]}
        />
      </div>
      <div className="beside beside--even">
        <QueryTable
          caption="Took longest"
          note="19 of 20 searches were faster than this."
          rows={slow}
          empty="Nothing was searched for three times yet."
          columns={["slow", "searches"]}
        />
        <Looks />
      </div>
    </>
  );
}

function Totals() {
  const { total } = useLoaderData<typeof loader>();
  const { clicks } = total;
  return (
    <div className="tile-grid tile-grid--five">
      <StatTile label="Searches" value={count(total.searches)} />
      {clicks && (
        <StatTile
          label="Something was opened"
          value={percent(clicks.share)}
          change={{ text: `${percent(clicks.low)} to ${percent(clicks.high)}` }}
        />
      )}
      <StatTile
        label="Led to an order"
        value={count(total.ordered)}
        change={{ text: percent(total.ordered / total.searches) }}
      />
      <StatTile
        label="Found nothing"
        value={count(total.empty)}
        change={{ text: percent(total.empty / total.searches) }}
      />
      <StatTile
        label="19 of 20 within"
        value={duration(total.slowMs)}
        change={{ text: "on the slowest day" }}
      />
    </div>
  );
}

function OverDays() {
  const { byDay, total, days } = useLoaderData<typeof loader>();
  return (
    <Card>
      <LineChart
        title="Day by day"
        headingLevel={2}
        summary={`${count(total.searches)} searches in ${days} days, ${count(total.clicked)} with something opened, ${count(total.ordered)} that led to an order. Days are those of UTC.`}
        labelHeader="Day"
        labels={byDay.map(({ label }) => label)}
        format={count}
        series={[
          { label: "Searches", values: byDay.map(({ searches }) => searches), colour: 1 },
          { label: "Opened", values: byDay.map(({ clicked }) => clicked), colour: 3 },
          { label: "Found nothing", values: byDay.map(({ empty }) => empty), colour: 2, dashed: true },
        ]}
      />
    </Card>
  );
}

/** Which places are looked at: what "opened of what was looked at" goes by. */
function Looks() {
  const { examination, examinedAt } = useLoaderData<typeof loader>();
  return (
    <Card>
      <BarChart
        title="How often a place is looked at"
        headingLevel={2}
        summary={
          examinedAt
            ? `Against the first place, as told from clicks on ${examinedAt} UTC, each night anew.`
            : "Against the first place, as it is believed to be until a night has told it from clicks."
        }
        labelHeader="Place"
        valueHeader="Looked at"
        bars={examination.map((value, at) => ({ label: String(at + 1), value }))}
        format={percent}
      />
    </Card>
  );
}
