import { Card, PageHead, Tabs } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { BackLink } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { momentAt } from "../server/words/dates.ts";
import { adminLoader } from "../server/request/handlers.ts";

export const loader = adminLoader(async ({ api, params, url, now }) => {
  const mail = await api.admin.mail.get({ id: params["mail"] ?? "" });
  return {
    subject: mail.subject,
    to: mail.to,
    sentAt: momentAt(mail.sentAt, "UTC", now),
    text: mail.text,
    html: mail.html,
    asHtml: url.searchParams.get("as") === "html" && mail.html !== "",
    headers: Object.entries(mail.headers),
    attachments: mail.attachments.map(({ name, mime, content }) => ({ name, mime, content })),
  };
});

export const meta = titled<typeof loader>(({ subject }) => subject);

export default function OneMail() {
  const mail = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={mail.subject}
        lead={`To ${mail.to}, ${mail.sentAt} UTC.`}
        actions={<BackLink href="/portal/admin/mail">Captured mail</BackLink>}
      />
      {mail.html !== "" && (
        <Tabs
          label="Show as"
          tabs={[
            { href: "?", label: "Text", current: !mail.asHtml },
            { href: "?as=html", label: "HTML", current: mail.asHtml },
          ]}
        />
      )}
      {mail.asHtml ? (
        <iframe className="mail-frame" title={`${mail.subject}, as HTML`} sandbox="" srcDoc={mail.html} />
      ) : (
        <pre className="mail-text">{withLinks(mail.text)}</pre>
      )}
      {mail.attachments.map((attachment) => (
        <Card
          key={attachment.name}
          title={attachment.name}
          aside={<span className="small soft">{attachment.mime}</span>}
        >
          <pre className="code">{attachment.content}</pre>
        </Card>
      ))}
      {mail.headers.length > 0 && (
        <details className="fold">
          <summary>Headers</summary>
          <pre className="code">{mail.headers.map(([name, value]) => `${name}: ${value}`).join("\n")}</pre>
        </details>
      )}
    </>
  );
}

/** The text with its web addresses as links; nothing else of it becomes markup. */
function withLinks(text: string) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part} rel="noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  );
}
