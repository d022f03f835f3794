import { Badge, PageHead, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { PageTurn } from "../parts/frame/page-turn.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { adminLoader } from "../server/request/handlers.ts";

export const loader = adminLoader(async ({ api, url, now }) => {
  const before = url.searchParams.get("before") ?? undefined;
  const [{ entries, nextCursor }, farms, markets] = await Promise.all([
    api.admin.audit.list(before ? { cursor: before } : {}),
    api.farms.list(),
    api.markets.list(),
  ]);
  const names = new Map<string, string>([...farms, ...markets].map(({ id, name }) => [id, name]));
  return {
    nextCursor,
    isFirstPage: before === undefined,
    entries: entries.map((entry) => ({
      seq: entry.seq,
      at: momentAt(entry.at, "UTC", now),
      actor: entry.actorName ?? (entry.actorUserId ? "somebody erased" : nobodyWords(entry.action)),
      action: entry.action,
      subject: names.get(entry.subject) ?? entry.subject,
      details: detailWords(entry.details, names),
    })),
  };
});

/** Models are trained, promoted and rolled back by themselves; all else without a name was done at the command line. */
const nobodyWords = (action: string): string =>
  action.startsWith("model.") ? "by itself" : "the command line";

/** "farm: Hollow Oak, version: 2": places by their names, and nothing of what has no value; "base 0.4, season 0.1" of what has parts. */
function detailWords(details: Readonly<Record<string, unknown>>, names: ReadonlyMap<string, string>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [name, typeof value === "string" ? value : partsInWords(value)])
    .map(([name, value = ""]) => `${name}: ${names.get(value) ?? value}`)
    .join(", ");
}

function partsInWords(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${typeof part === "string" ? part : JSON.stringify(part)}`)
    .join(", ");
}

export const meta = titled("Audit log");

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
          {
            key: "subject",
            header: "To",
            cell: (entry) => <code className="small">{entry.subject}</code>,
          },
          {
            key: "details",
            header: "Details",
            cell: (entry) => <div className="small breaks audit-details">{entry.details}</div>,
          },
        ]}
      />
      <PageTurn isFirstPage={isFirstPage} nextCursor={nextCursor} />
    </>
  );
}
