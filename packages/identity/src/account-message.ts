/** A mail that signing in needs; whoever sends mail puts it into words. */
export interface AccountMessage {
  readonly kind: "password-reset";
  readonly to: string;
  readonly name: string;
  /** Works once and for `validMinutes`. */
  readonly link: string;
  readonly validMinutes: number;
}

export type SendAccountMessage = (message: AccountMessage) => Promise<void>;
