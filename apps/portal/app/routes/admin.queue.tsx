import { parseId, type Id } from "@almanac/kernel";
import { Badge, EmptyState, LinkButton, PageHead, StatTile, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { Act, AskFirst } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { usePolling } from "../parts/frame/use-polling.ts";
import { momentAt } from "../server/words/dates.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";
import { duration } from "../server/words/numbers.ts";

export const loader = adminLoader(async ({ api, url, now }) => {
  const after = url.searchParams.get("after") ?? undefined;
  const [overview, parked, archives] = await Promise.all([
    api.admin.queue.overview(),
    api.admin.queue.parked({ ...(after && { cursor: after }), limit: 50 }),
    api.admin.queue.archives(),
  ]);
  return {
    overview: { ...overview, oldest: duration(overview.oldestAgeMs) },
    nextCursor: parked.nextCursor,
    archives: archives.map((archive) => ({
      id: archive.id,
      what: archive.reason === "clear" ? "queue cleared" : "one fact discarded",
      by: archive.actorName ?? "somebody who left",
      facts: archive.facts,
      left: archive.left,
      at: momentAt(archive.archivedAt, "UTC", now),
      restoredAt: archive.restoredAt ? momentAt(archive.restoredAt, "UTC", now) : null,
    })),
    parked: parked.items.map((fact) => ({
      seq: fact.seq,
      topic: fact.topic,
      attempts: fact.attempts,
      error: fact.lastError,
      parkedAt: momentAt(fact.parkedAt, "UTC", now),
      traceId: fact.traceId,
      payload: JSON.stringify(fact.payload, null, 2),
    })),
  };
});

export const action = adminAction({
  retry: async ({ api, fields }) => {
    const seq = fields.whole("subject", { min: 1, max: Number.MAX_SAFE_INTEGER });
    fields.done();
    await api.admin.queue.retry({ seq });
    return { message: `Fact ${seq} is tried again now.` };
  },
  discard: async ({ api, fields }) => {
    const seq = fields.whole("subject", { min: 1, max: Number.MAX_SAFE_INTEGER });
    fields.done();
    const { archiveId } = await api.admin.queue.discard({ seq });
    return { message: `Fact ${seq} is set aside.`, undo: undoArchive(archiveId) };
  },
  clear: async ({ api, fields }) => {
    fields.done();
    const { archiveId, moved, before, after } = await api.admin.queue.clear();
    if (archiveId === null) return { message: "There was nothing to clear." };
    return {
      message: `${moved} facts are set aside: ${before.open} waited and ${before.parked} were parked, now ${after.open} and ${after.parked}.`,
      undo: undoArchive(archiveId),
    };
  },
  restore: async ({ api, fields }) => {
    const archiveId = parseId<Id<"QueueArchiveId">>(fields.text("subject"));
    fields.done();
    const { moved } = await api.admin.queue.restore({ archiveId });
    return { message: `${moved} ${moved === 1 ? "fact is" : "facts are"} back in the queue.` };
  },
});

const undoArchive = (archiveId: string) => ({
  label: "Put back",
  fields: { intent: "restore", subject: archiveId },
});

export const meta = titled("Queue");

export default function Queue() {
  const { overview, parked, nextCursor, archives } = useLoaderData<typeof loader>();
  usePolling(2_000);
  return (
    <>
      <PageHead
        title="Queue"
        lead="Facts that wait to be handled, and those that were tried too often."
        actions={
          <AskFirst
            label="Clear the queue"
            question="Sets aside what shoppers did and nobody reacted to yet, and all that is parked. It can be restored below."
          >
            <Act intent="clear" label="Clear it" tone="warm" />
          </AskFirst>
        }
      />
      <OutcomeNotice />
      <div className="tile-grid">
        <StatTile
          label="Waiting"
          value={overview.open}
          change={{ text: overview.open > 0 ? `oldest ${overview.oldest}` : "nothing waits" }}
        />
        <StatTile label="Tried more than once" value={overview.retrying} />
        <StatTile
          label="Parked"
          value={overview.parked}
          change={
            overview.parked > 0
              ? { text: "somebody has to look", tone: "urgent" }
              : { text: "nothing to do", tone: "good" }
          }
        />
      </div>
      {parked.length === 0 ? (
        <EmptyState title="Nothing is parked" headingLevel={2}>
          Facts that fail are tried again by themselves. What fails too often comes here.
        </EmptyState>
      ) : (
        <Table
          caption="Parked facts, the oldest first"
          dense
          rows={parked}
          rowKey={({ seq }) => String(seq)}
          columns={[
            { key: "seq", header: "Number", numeric: true, cell: (fact) => fact.seq },
            { key: "topic", header: "Topic", rowHeader: true, cell: (fact) => <Badge>{fact.topic}</Badge> },
            {
              key: "error",
              header: "What failed",
              cell: (fact) => (
                <details>
                  <summary>{fact.error.split("\n")[0] || "no message"}</summary>
                  <pre className="code">{fact.error}</pre>
                  <pre className="code">{fact.payload}</pre>
                  <p className="small soft">Trace {fact.traceId || "unknown"}</p>
                </details>
              ),
            },
            { key: "attempts", header: "Tries", numeric: true, cell: (fact) => fact.attempts },
            {
              key: "at",
              header: "Since (UTC)",
              cell: (fact) => <span className="nowrap">{fact.parkedAt}</span>,
            },
            {
              key: "act",
              header: <span className="visually-hidden">Act</span>,
              cell: (fact) => (
                <div className="cluster">
                  <Act
                    intent="retry"
                    subject={String(fact.seq)}
                    label="Retry"
                    about={`Retry fact ${fact.seq}`}
                  />
                  <AskFirst
                    label="Discard"
                    about={`Discard fact ${fact.seq}`}
                    question="What it says is not handled, until somebody restores it from the list below."
                  >
                    <Act intent="discard" subject={String(fact.seq)} label="Discard it" tone="warm" />
                  </AskFirst>
                </div>
              ),
            },
          ]}
        />
      )}
      <Table
        caption="Set aside, the latest first"
        dense
        rows={archives}
        rowKey={({ id }) => id}
        empty="Nothing was ever set aside."
        columns={[
          {
            key: "what",
            header: "What",
            rowHeader: true,
            cell: (archive) => archive.what,
          },
          { key: "facts", header: "Facts", numeric: true, cell: (archive) => archive.facts },
          { key: "by", header: "By", cell: (archive) => archive.by },
          {
            key: "at",
            header: "At (UTC)",
            cell: (archive) => <span className="nowrap">{archive.at}</span>,
          },
          {
            key: "act",
            header: <span className="visually-hidden">Act</span>,
            cell: (archive) =>
              archive.restoredAt ? (
                <Badge tone="good">restored {archive.restoredAt}</Badge>
              ) : (
                <Act
                  intent="restore"
                  subject={archive.id}
                  label="Restore"
                  about={`Restore ${archive.left} facts that were set aside at ${archive.at}`}
                />
              ),
          },
        ]}
      />
      {nextCursor && (
        <div>
          <LinkButton href={`?after=${nextCursor}`} tone="secondary" size="small">
            Next
          </LinkButton>
        </div>
      )}
    </>
  );
}
