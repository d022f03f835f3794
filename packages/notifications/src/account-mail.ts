import { passwordResetMail } from "./core/password-reset.ts";
import type { Mailer } from "./mail.ts";

/** What signing in asks to be told to a person; the identity package's `AccountMessage`. */
export interface AccountMail {
  readonly kind: "password-reset";
  readonly to: string;
  readonly name: string;
  readonly link: string;
  readonly validMinutes: number;
}

/** The `sendMail` of `createIdentity`, over a mailer. */
export function accountMailSender(mailer: Mailer): (message: AccountMail) => Promise<void> {
  return (message) => mailer.send(passwordResetMail(message));
}
