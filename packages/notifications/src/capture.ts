import { desc, eq, lt } from "drizzle-orm";
import { capturedMail } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { AppError, newId, type Clock } from "@almanac/kernel";
import type { Mail, MailAttachment, Mailer } from "./mail.ts";

/** Keeps mails in the database instead of sending them, for operators to read: demo, development, tests. */
export function createCaptureMailer({ db, clock }: { db: Queryable; clock: Clock }): Mailer {
  return {
    async send({ kind, to, subject, text, html = "", headers = {}, attachments = [] }: Mail) {
      const sentAt = clock.now();
      await db.insert(capturedMail).values({
        id: newId(sentAt.getTime()),
        kind,
        recipient: to,
        subject,
        text,
        html,
        headers: { ...headers },
        attachments: attachments.map((attachment) => ({ ...attachment })),
        sentAt,
      });
    },
  };
}

export interface CapturedMailListing {
  readonly id: string;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly sentAt: Date;
}

export interface CapturedMail extends CapturedMailListing {
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly MailAttachment[];
}

const listed = {
  id: capturedMail.id,
  kind: capturedMail.kind,
  to: capturedMail.recipient,
  subject: capturedMail.subject,
  sentAt: capturedMail.sentAt,
};

/** Newest first; ids are in the order of time. */
export async function listCapturedMail(
  db: Queryable,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<{ mails: CapturedMailListing[]; nextCursor?: string }> {
  const rows = await db
    .select(listed)
    .from(capturedMail)
    .where(cursor === undefined ? undefined : lt(capturedMail.id, cursor))
    .orderBy(desc(capturedMail.id))
    .limit(limit + 1);
  const mails = rows.slice(0, limit);
  const last = mails.at(-1);
  return { mails, ...(rows.length > limit && last && { nextCursor: last.id }) };
}

/** @throws AppError `mail_not_found` */
export async function getCapturedMail(db: Queryable, id: string): Promise<CapturedMail> {
  const [mail] = await db
    .select({
      ...listed,
      text: capturedMail.text,
      html: capturedMail.html,
      headers: capturedMail.headers,
      attachments: capturedMail.attachments,
    })
    .from(capturedMail)
    .where(eq(capturedMail.id, id));
  if (!mail) throw new AppError("mail_not_found", "There is no such mail.");
  return mail;
}

/** Removes what was sent to a person who asks to be forgotten. A step of `me.erase`. */
export const mailEraseStep = {
  name: "mail",
  async erase(db: Queryable, { email }: { readonly email?: string }): Promise<void> {
    if (email) await db.delete(capturedMail).where(eq(capturedMail.recipient, email));
  },
};

/** What was sent to a person, without its links. A step of `me.exportData`. */
export const mailExportStep = {
  name: "mail",
  async export(db: Queryable, { email }: { readonly email?: string }): Promise<unknown> {
    if (!email) return [];
    return db
      .select({ kind: capturedMail.kind, subject: capturedMail.subject, sentAt: capturedMail.sentAt })
      .from(capturedMail)
      .where(eq(capturedMail.recipient, email))
      .orderBy(desc(capturedMail.id));
  },
};
