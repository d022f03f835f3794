import { redirect, type AppLoadContext } from "@remix-run/node";
import { safePath } from "./answer.server.ts";

export interface AuthRefusal {
  readonly message: string;
  /** What was typed, but for passwords. */
  readonly typed: Readonly<Record<string, string>>;
}

/** The cookies of an account endpoint's answer, for the answer of a page. */
export function cookiesOf(response: Response): Headers {
  const headers = new Headers();
  for (const cookie of response.headers.getSetCookie()) headers.append("set-cookie", cookie);
  return headers;
}

/**
 * Asks an account endpoint and goes on where the person wanted to; a refusal is answered in words.
 *
 * @param words what to say by HTTP status
 */
export async function signedInOr(
  context: AppLoadContext,
  {
    path,
    body,
    to,
    typed,
    words,
  }: {
    path: string;
    body: Readonly<Record<string, string>>;
    to: string | null;
    typed: AuthRefusal["typed"];
    words: Readonly<Record<number, string>>;
  },
) {
  const response = await context.auth(path, body);
  if (response.ok) return redirect(safePath(to), { status: 303, headers: cookiesOf(response) });
  return refuse(response, typed, words);
}

export function refuse(
  response: Response,
  typed: AuthRefusal["typed"],
  words: Readonly<Record<number, string>>,
) {
  const message =
    words[response.status] ??
    (response.status === 429
      ? "That was a lot of attempts. Please wait a few minutes."
      : response.status >= 500
        ? "Something went wrong on our side. Please try again."
        : "Please check what you typed.");
  const refusal: AuthRefusal = { message, typed };
  return refusal;
}
