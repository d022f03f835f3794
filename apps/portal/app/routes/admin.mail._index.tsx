import { Anchor, Badge, PageHead, Table } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { PageTurn } from "../parts/frame/page-turn.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { adminLoader } from "../server/request/handlers.ts";
import { nameInWords } from "../server/words/numbers.ts";

export const loader = adminLoader(async ({ api, url, now }) => {
  const before = url.searchParams.get("before") ?? undefined;
  const { mails, nextCursor } = await api.admin.mail.list(before ? { cursor: before } : {});
  return {
    nextCursor,
    isFirstPage: before === undefined,
    mails: mails.map(({ id, kind, to, subject, sentAt }) => ({
      id,
      kind: nameInWords(kind.replaceAll("-", " ")),
      to,
      subject,
      sentAt: momentAt(sentAt, "UTC", now),
    })),
  };
});

export const meta = titled("Captured mail");

export default function Mails() {
  const { mails, nextCursor, isFirstPage } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Captured mail"
        lead="Without a mail server, what would be sent is kept here. Nobody else sees it."
      />
      <Table
        caption="Mails, the latest first"
        captionHidden
        dense
        rows={mails}
        rowKey={({ id }) => id}
        empty="No mail yet. Resetting a password or placing an order writes one."
        columns={[
          { key: "at", header: "Sent (UTC)", cell: (mail) => <span className="nowrap">{mail.sentAt}</span> },
          { key: "kind", header: "Kind", cell: (mail) => <Badge>{mail.kind}</Badge> },
          { key: "to", header: "To", cell: (mail) => mail.to },
          {
            key: "subject",
            header: "Subject",
            rowHeader: true,
            cell: (mail) => <Anchor href={`/portal/admin/mail/${mail.id}`}>{mail.subject}</Anchor>,
          },
        ]}
      />
      <PageTurn isFirstPage={isFirstPage} nextCursor={nextCursor} />
    </>
  );
}
