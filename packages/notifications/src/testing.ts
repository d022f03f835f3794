import type { Mail, Mailer } from "./mail.ts";

/** A mailer that only remembers; `sent` is oldest first. */
export function createMemoryMailer(): Mailer & { readonly sent: Mail[] } {
  const sent: Mail[] = [];
  return {
    sent,
    send(mail) {
      sent.push(mail);
      return Promise.resolve();
    },
  };
}
