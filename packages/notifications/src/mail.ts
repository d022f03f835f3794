export interface MailAttachment {
  readonly name: string;
  /** With its parameters: "text/calendar; charset=utf-8; method=PUBLISH". */
  readonly mime: string;
  readonly content: string;
}

/** One mail to one person. */
export interface Mail {
  /** What it is about, for lists and tests: "password-reset", "order-receipt". */
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same content for programs that show HTML; empty for none. */
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly attachments?: readonly MailAttachment[];
}

export interface Mailer {
  /**
   * Hands the mail over. Whoever needs it to arrive whatever happens calls this from a job that is tried again.
   *
   * @throws AppError `mail_server_down` when the server cannot be reached or refuses
   */
  send(mail: Mail): Promise<void>;
}
