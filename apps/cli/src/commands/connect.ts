import { createAlmanacClient, messageOf, type AlmanacClient } from "@almanac/client";
import { demoPassword } from "@almanac/demo/people";
import { AppError } from "@almanac/kernel";
import { wrongUse, type CommandIo } from "../command.ts";

const operatorEmail = "ines@demo.example";

/** What `--help` says of the two variables. */
export const connectHelp = (
  right: string,
): string => `  ALMANAC_URL       the server (default: http://localhost:3000)
  ALMANAC_API_KEY   a key with the right ${right}; without one, the demo's operator signs in
`;

/**
 * Does something on a running server: with `ALMANAC_API_KEY`, or as the operator of the demo world.
 *
 * @throws AppError `input_invalid` when no server answers, nobody can sign in, or the server refuses
 */
export async function onServer<Result>(
  env: CommandIo["env"],
  right: string,
  work: (api: AlmanacClient) => Promise<Result>,
): Promise<Result> {
  const url = env["ALMANAC_URL"] || "http://localhost:3000";
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw wrongUse(`ALMANAC_URL is not an address: ${url}`);
  try {
    return await work(await connect(url, env, right));
  } catch (error) {
    throw error instanceof AppError
      ? error
      : new AppError("input_invalid", messageOf(error), { cause: error });
  }
}

async function connect(url: string, env: CommandIo["env"], right: string): Promise<AlmanacClient> {
  const apiKey = env["ALMANAC_API_KEY"];
  if (apiKey) return createAlmanacClient({ url, apiKey });
  const response = await fetch(new URL("/api/auth/sign-in/email", url), {
    method: "POST",
    headers: { "content-type": "application/json", origin: new URL(url).origin },
    body: JSON.stringify({ email: operatorEmail, password: demoPassword }),
  }).catch((error: unknown) => {
    throw new AppError("input_invalid", `no server answers at ${url}`, { cause: error });
  });
  if (!response.ok)
    throw wrongUse(`${operatorEmail} cannot sign in at ${url}; set ALMANAC_API_KEY to a key with ${right}`);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return createAlmanacClient({
    url,
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set("cookie", cookie);
      headers.set("origin", new URL(url).origin);
      return fetch(input, { ...init, headers });
    },
  });
}
