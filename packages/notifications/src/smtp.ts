import nodemailer from "nodemailer";
import { AppError } from "@almanac/kernel";
import type { Mail, Mailer } from "./mail.ts";

/**
 * Sends over SMTP.
 *
 * @param url "smtp://user:password@host:587" or "smtps://..."
 * @param from the sender, "Riverside Market <market@shop.example>"
 */
export function createSmtpMailer(url: string, { from }: { from: string }): Mailer & { close(): void } {
  const transport = nodemailer.createTransport(url, {
    from,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, html, headers, attachments = [] }: Mail) {
      try {
        await transport.sendMail({
          to: { name: "", address: to }, // an object, so that commas in an address are no second recipient
          subject,
          text,
          ...(html && { html }),
          ...(headers && { headers }),
          attachments: attachments.map(({ name, mime, content }) => ({
            filename: name,
            contentType: mime,
            content,
          })),
        });
      } catch (error) {
        throw new AppError("mail_server_down", "The mail server did not take a mail.", { cause: error });
      }
    },
    close: () => transport.close(),
  };
}
