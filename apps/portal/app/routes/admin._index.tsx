import {
  Badge,
  BarChart,
  Card,
  ConnectionBadge,
  LineChart,
  LinkButton,
  Notice,
  PageHead,
  StatTile,
  Table,
  type TableColumn,
} from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { Act, AskFirst } from "../parts/forms/act.tsx";
import { AlertsCard } from "../parts/operate/alerts-card.tsx";
import { EventRate } from "../parts/operate/event-rate.tsx";
import { HealthCard } from "../parts/operate/health-card.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { useLivePage } from "../parts/frame/use-polling.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";
import { momentAt } from "../server/words/dates.ts";
import {
  listenersInWords,
  notPushedInWords,
  requestInWords,
  transportsInWords,
} from "../server/operate/live-words.ts";
import { count, duration, nameInWords, percent } from "../server/words/numbers.ts";

const periodMs = 5_000;

export const loader = adminLoader(async ({ api, person, now, liveCursor }) => {
  const [events, live, queue, monitor, alerts] = await Promise.all([
    api.events.stats({ detailed: true }),
    api.realtime.stats(),
    api.admin.queue.overview(),
    api.admin.monitor.recommendations(),
    api.realtime.alerts({ limit: 5 }),
  ]);
  return {
    at: now.getTime(),
    identity: person.email ?? "",
    liveCursor,
    since: events.since ? momentAt(new Date(events.since), "UTC", now) : null,
    asOf: now.toISOString().slice(11, 19),
    alerts: alerts.map((alert) => ({ ...alert, at: momentAt(alert.at, "UTC", now) })),
    events,
    eventsByType: Object.entries(events.byType)
      .map(([name, value]) => ({ label: nameInWords(name), value }))
      .toSorted((a, b) => b.value - a.value),
    live,
    topics: listenersInWords(live.subscriptionBreakdown),
    transports: transportsInWords(live.activeByTransport),
    queue,
    algorithms: monitor.algorithms.map(({ algorithm, ...times }) => latencyView(algorithm, times)),
    requests: monitor.requests.map(({ kind, ...times }) => latencyView(requestInWords(kind), times)),
    processing: latencyView("event", {
      calls: events.processing?.count ?? 0,
      meanMs: events.averageProcessingTime,
      p50Ms: events.processing?.p50 ?? null,
      p95Ms: events.processing?.p95 ?? null,
      p99Ms: events.processing?.p99 ?? null,
    }),
    hourly: (events.hourly ?? []).map(({ hour, events: value }) => ({
      label: hour.slice(11, 16),
      value,
    })),
    triggered: monitor.triggered.map(({ action, count: value }) => ({ label: nameInWords(action), value })),
  };
});

export const action = adminAction({
  reset: async ({ api, fields }) => {
    const resetType = fields.oneOf("resetType", ["events", "all"]);
    fields.done();
    const { before } = await api.admin.stats.reset({ resetType });
    return {
      message: `The figures begin at zero; they stood at ${count(before)} events.`,
      undo: { label: "Show all again", fields: { intent: "showAll" } },
    };
  },
  showAll: async ({ api }) => {
    await api.admin.stats.showAll();
    return { message: "The figures are those since the beginning again." };
  },
});

interface Times {
  readonly calls: number;
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

function latencyView(name: string, { calls, meanMs, p50Ms, p95Ms, p99Ms }: Times) {
  const words = (ms: number | null): string => (ms === null ? "–" : duration(ms));
  return {
    name: nameInWords(name),
    calls: count(calls),
    mean: words(calls === 0 ? null : meanMs),
    p50: words(p50Ms),
    p95: words(p95Ms),
    p99: words(p99Ms),
  };
}

type Latency = ReturnType<typeof latencyView>;

const latencyColumns: readonly TableColumn<Latency>[] = [
  { key: "name", header: "Name", rowHeader: true, cell: ({ name }) => name },
  { key: "calls", header: "Calls", numeric: true, cell: ({ calls }) => calls },
  { key: "mean", header: "Mean", numeric: true, cell: ({ mean }) => mean },
  { key: "p50", header: "p50", numeric: true, cell: ({ p50 }) => p50 },
  { key: "p95", header: "p95", numeric: true, cell: ({ p95 }) => p95 },
  { key: "p99", header: "p99", numeric: true, cell: ({ p99 }) => p99 },
];

export const meta = titled("Live monitor");

/** Is it running, does it recommend, who listens, what waits: one question to a plot. */
export default function Monitor() {
  const view = useLoaderData<typeof loader>();
  const { events, live, queue } = view;
  const { recommendations } = events;
  const mode = useLivePage({
    identity: view.identity,
    topics: ["operate:monitor"],
    cursor: view.liveCursor,
    fallbackMs: periodMs,
  });
  return (
    <>
      <PageHead
        title="Live monitor"
        lead={`All processes together, as of ${view.asOf} UTC.`}
        actions={
          <>
            <ConnectionBadge state={mode} />
            <Badge tone={queue.parked > 0 ? "urgent" : "good"}>
              {queue.parked > 0 ? `${queue.parked} parked` : "nothing parked"}
            </Badge>
            <AskFirst
              label="Begin at zero"
              question="The figures count from now on. Nothing is deleted, and all can be shown again."
            >
              <div className="cluster">
                <Act intent="reset" fields={{ resetType: "events" }} label="Events only" tone="warm" />
                <Act intent="reset" fields={{ resetType: "all" }} label="All figures" tone="warm" />
              </div>
            </AskFirst>
          </>
        }
      />
      <OutcomeNotice />
      {view.since && (
        <Notice
          tone="calm"
          title={`The totals count since ${view.since} UTC.`}
          actions={<Act intent="showAll" label="Show all again" />}
        />
      )}
      <AlertsCard alerts={view.alerts} />
      <div className="tile-grid">
        <StatTile
          label="Recommendations that came"
          value={recommendations.totalTriggered === 0 ? "–" : percent(recommendations.successRate)}
          change={{
            text: `${count(recommendations.ok)} ok, ${count(recommendations.failed)} failed, ${count(recommendations.throttled)} held back`,
            tone: recommendations.failed > 0 ? "urgent" : "calm",
          }}
        />
        <StatTile
          label="Events"
          value={count(events.total)}
          change={{
            text: `${count(events.lastHour)} in the last hour, ${count(events.last24h)} in 24\u00a0h`,
          }}
        />
        <StatTile
          label="Backlog"
          value={count(queue.open)}
          change={{
            text: queue.open > 0 ? `oldest waits ${duration(queue.oldestAgeMs)}` : "nothing waits",
            tone: queue.oldestAgeMs > 60_000 ? "urgent" : "calm",
          }}
          href="/portal/admin/queue"
        />
        <StatTile
          label="Live connections"
          value={count(live.activeConnections)}
          change={{
            text: `${count(live.totalConnections)} since the start${live.averageConnectionDuration > 0 ? `, ${duration(live.averageConnectionDuration)} on average` : ""}`,
          }}
        />
      </div>
      <div className="beside">
        <div className="stack">
          <Card>
            <EventRate total={events.total} at={view.at} />
          </Card>
          <Card>
            <BarChart
              headingLevel={2}
              title="Events by type"
              summary={
                events.total === 0
                  ? "None yet: nobody who agreed to it has done anything."
                  : `${count(events.total)} in all; each took ${duration(events.averageProcessingTime)} to handle, on average.`
              }
              labelHeader="Action"
              valueHeader="Events"
              bars={view.eventsByType}
              format={(value) => value.toLocaleString("en-GB")}
            />
          </Card>
          <Card>
            <BarChart
              headingLevel={2}
              title="What made recommendations change"
              summary={
                view.triggered.every(({ value }) => value === 0)
                  ? "No push went to an open page yet; each is counted under the action that caused it."
                  : `Pushes to open pages, by the action that caused them. ${notPushedInWords(recommendations)}`
              }
              labelHeader="Action"
              valueHeader="Pushes"
              bars={view.triggered}
              format={(value) => value.toLocaleString("en-GB")}
            />
          </Card>
          <Card>
            <LineChart
              headingLevel={2}
              title="Events by the hour"
              summary={`${count(events.last24h)} in the last 24 hours, ${count(events.lastHour)} in the last one.`}
              labelHeader="Hour (UTC)"
              labels={view.hourly.map(({ label }) => label)}
              series={[{ label: "Events", values: view.hourly.map(({ value }) => value) }]}
            />
          </Card>
          <p className="small soft">
            Calls and mean are since the figures began; percentiles are those of the last 24 hours, over all
            processes.
          </p>
          <div className="stack">
            <Table
              caption="How long an event takes to handle"
              dense
              rows={[view.processing]}
              rowKey={({ name }) => name}
              columns={latencyColumns}
            />
            <Table
              caption="How long each algorithm takes"
              dense
              rows={view.algorithms}
              rowKey={({ name }) => name}
              columns={latencyColumns}
            />
            <Table
              caption="How long each kind of request takes"
              dense
              rows={view.requests}
              rowKey={({ name }) => name}
              columns={latencyColumns}
            />
          </div>
        </div>
        <div className="stack">
          <HealthCard periodMs={periodMs} />
          <Card>
            {view.topics.length === 0 ? (
              <p className="soft">Nobody listens to a topic right now.</p>
            ) : (
              <BarChart
                headingLevel={2}
                title="Who listens to what"
                summary={`${view.transports}.`}
                labelHeader="Topic"
                valueHeader="Listeners"
                bars={view.topics}
              />
            )}
          </Card>
          <Table
            caption="Queue by topic"
            dense
            rows={queue.byTopic}
            rowKey={({ topic }) => topic}
            empty="Nothing waits."
            columns={[
              { key: "topic", header: "Topic", rowHeader: true, cell: ({ topic }) => topic },
              { key: "open", header: "Waiting", numeric: true, cell: ({ open }) => open },
              { key: "parked", header: "Parked", numeric: true, cell: ({ parked }) => parked },
            ]}
          />
          {events.shed > 0 && (
            <p className="small">
              {count(events.shed)} events were logged but not reacted to, as the queue was full.
            </p>
          )}
          <LinkButton href="/portal/admin/queue" tone="secondary" size="small">
            Look at the queue
          </LinkButton>
        </div>
      </div>
    </>
  );
}
