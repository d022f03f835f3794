import { Badge, PageHead, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { PageTurn } from "../parts/page-turn.tsx";
import { momentAt } from "../server/dates.ts";
import { adminLoader } from "../server/handlers.ts";

export const loader = adminLoader(async ({ api, url }) => {
  const before = url.searchParams.get("before") ?? undefined;
  const { entries, nextCursor } = await api.admin.audit.list(before ? { cursor: before } : {});
  return {
    nextCursor,
    isFirstPage: before === undefined,
    entries: entries.map((entry) => ({
      seq: entry.seq,
      at: momentAt(entry.at, "UTC"),
      actor: entry.actorName ?? (entry.actorUserId ? "somebody erased" : nobodyWords(entry.action)),
      action: entry.action,
      subject: entry.subject,
      details: Object.entries(entry.details)
        .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join(", "),
    })),
  };
});

/** Models are trained, promoted and rolled back by themselves; all else without a name was done at the command line. */
const nobodyWords = (action: string): string =>
  action.startsWith("model.") ? "by itself" : "the command line";

export default function Audit() {
  const { entries, nextCursor, isFirstPage } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Audit log"
        lead="Every act of power: who, what, to whom. Nothing here can be changed."
      />
      <Table
        caption="Acts, the latest first"
        captionHidden
        dense
        folds
        rows={entries}
        rowKey={({ seq }) => String(seq)}
        empty="No act of power yet."
        columns={[
          { key: "at", header: "When (UTC)", cell: (entry) => <span className="nowrap">{entry.at}</span> },
          { key: "actor", header: "Who", rowHeader: true, cell: (entry) => entry.actor },
          { key: "action", header: "What", cell: (entry) => <Badge>{entry.action}</Badge> },
          { key: "subject", header: "To", cell: (entry) => <code className="small">{entry.subject}</code> },
          {
            key: "details",
            header: "Details",
            prose: true,
            cell: (entry) => <span className="small">{entry.details}</span>,
          },
        ]}
      />
      <PageTurn isFirstPage={isFirstPage} nextCursor={nextCursor} />
    </>
  );
}
