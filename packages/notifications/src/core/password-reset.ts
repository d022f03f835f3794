import type { Mail } from "../mail.ts";
import { escapeHtml, mailPage } from "./html.ts";

/** The mail with the link that sets a new password. */
export function passwordResetMail(to: {
  readonly to: string;
  readonly name: string;
  readonly link: string;
  readonly validMinutes: number;
}): Mail {
  const subject = "Choose a new password";
  const notice =
    `The link works once and for ${to.validMinutes} minutes. ` +
    "If it was not you who asked, nothing has changed and there is nothing to do.";
  return {
    kind: "password-reset",
    to: to.to,
    subject,
    text: `Hello ${to.name},\n\nopen this link to choose a new password:\n\n${to.link}\n\n${notice}\n`,
    html: mailPage({
      title: subject,
      bodyHtml: `<p>Hello ${escapeHtml(to.name)},</p>
<p><a href="${escapeHtml(to.link)}">Choose a new password</a></p>
<p>${escapeHtml(notice)}</p>`,
    }),
  };
}
