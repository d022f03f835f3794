import { Badge, BarChart, Card, LinkButton, PageHead, StatTile, Table, type TableColumn } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { EventRate } from "../parts/event-rate.tsx";
import { HealthCard } from "../parts/health-card.tsx";
import { usePolling } from "../parts/use-polling.ts";
import { adminLoader } from "../server/handlers.ts";
import { count, duration, nameInWords, percent } from "../server/numbers.ts";

const periodMs = 5_000;

export const loader = adminLoader(async ({ api }) => {
  const [events, live, queue, monitor] = await Promise.all([
    api.events.stats(),
    api.realtime.stats(),
    api.admin.queue.overview(),
    api.admin.monitor.recommendations(),
  ]);
  return {
    at: Date.now(),
    asOf: new Date().toISOString().slice(11, 19),
    events,
    eventsByType: Object.entries(events.byType)
      .map(([name, value]) => ({ label: nameInWords(name), value }))
      .toSorted((a, b) => b.value - a.value),
    live,
    topics: Object.entries(live.subscriptionBreakdown)
      .map(([label, value]) => ({ label, value }))
      .toSorted((a, b) => b.value - a.value),
    transports: Object.entries(live.activeByTransport).map(([label, value]) => ({ label, value })),
    queue,
    algorithms: monitor.algorithms.map(({ algorithm, calls, meanMs }) => ({
      name: nameInWords(algorithm),
      calls: count(calls),
      mean: meanMs === null ? "–" : duration(meanMs),
    })),
    requests: monitor.requests.map(({ kind, calls, meanMs }) => ({
      name: nameInWords(kind),
      calls: count(calls),
      mean: meanMs === null ? "–" : duration(meanMs),
    })),
    triggered: monitor.triggered.map(({ action, count: value }) => ({ label: nameInWords(action), value })),
  };
});

interface Latency {
  readonly name: string;
  readonly calls: string;
  readonly mean: string;
}

const latencyColumns: readonly TableColumn<Latency>[] = [
  { key: "name", header: "Name", rowHeader: true, cell: ({ name }) => name },
  { key: "calls", header: "Calls", numeric: true, cell: ({ calls }) => calls },
  { key: "mean", header: "Mean", numeric: true, cell: ({ mean }) => mean },
];

/** Is it running, does it recommend, who listens, what waits: one question to a plot. */
export default function Monitor() {
  const view = useLoaderData<typeof loader>();
  const { events, live, queue } = view;
  const { recommendations } = events;
  usePolling(periodMs);
  return (
    <>
      <PageHead
        title="Live monitor"
        lead={`All processes together, as of ${view.asOf} UTC. Asked again every 5 seconds.`}
        actions={
          <Badge tone={queue.parked > 0 ? "urgent" : "good"}>
            {queue.parked > 0 ? `${queue.parked} parked` : "nothing parked"}
          </Badge>
        }
      />
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
          change={{ text: `${count(events.lastHour)} in the last hour, ${count(events.last24h)} in 24 h` }}
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
        <div className="stack stack--loose">
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
              summary="Pushes to open pages, by the action that caused them."
              labelHeader="Action"
              valueHeader="Pushes"
              bars={view.triggered}
              format={(value) => value.toLocaleString("en-GB")}
            />
          </Card>
          <div className="two-up">
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
                summary={`${view.transports.map(({ label, value }) => `${value} by ${label}`).join(", ")}.`}
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
