import { AppError } from "@almanac/kernel";
import { demoPassword, parseIsoDuration } from "@almanac/demo";
import { createAlmanacClient, messageOf, type AlmanacClient } from "@almanac/client";
import { readArguments, wrongUse, type Command, type CommandIo } from "../command.ts";

const help = `almanac clock advance <duration>

Moves the clock of a running server forward: PT35H is 35 hours, P2D two days, PT90M ninety minutes. Only a server that
was started with ALMANAC_CLOCK=<ISO time> has a clock that moves.

  ALMANAC_URL       the server (default: http://localhost:3000)
  ALMANAC_API_KEY   a key with the right operate.write; without one, the demo's operator signs in
`;

const operatorEmail = "ines@demo.example";

export const clockCommand: Command = {
  name: "clock",
  summary: "move the clock of a demo server forward",
  help,
  async run(argv, io) {
    const { positionals } = readArguments(argv, {});
    const [verb, duration, ...more] = positionals;
    if (verb !== "advance" || duration === undefined || more.length > 0)
      throw wrongUse("say how far: clock advance PT35H");
    if (parseIsoDuration(duration) === undefined)
      throw wrongUse(`"${duration}" is not a duration such as PT35H or P2D of at most ten years`);
    const url = io.env["ALMANAC_URL"] || "http://localhost:3000";
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw wrongUse(`ALMANAC_URL is not an address: ${url}`);
    try {
      const api = await connect(url, io.env);
      const { now } = await api.admin.clock.advance.mutate({ duration });
      io.out(`${JSON.stringify({ command: "clock", now })}\n`);
      return 0;
    } catch (error) {
      throw error instanceof AppError
        ? error
        : new AppError("input_invalid", messageOf(error), { cause: error });
    }
  },
};

async function connect(url: string, env: CommandIo["env"]): Promise<AlmanacClient> {
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
    throw wrongUse(
      `${operatorEmail} cannot sign in at ${url}; set ALMANAC_API_KEY to a key with operate.write`,
    );
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
