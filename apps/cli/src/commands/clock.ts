import { parseIsoDuration } from "@almanac/demo";
import { readArguments, wrongUse, type Command } from "../command.ts";
import { connectHelp, onServer } from "./connect.ts";

const right = "operate.write";

const help = `almanac clock advance <duration>

Moves the clock of a running server forward: PT35H is 35 hours, P2D two days, PT90M ninety minutes. Only a server that
was started with ALMANAC_CLOCK=<ISO time> has a clock that moves.

${connectHelp(right)}`;

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
    const { now } = await onServer(io.env, right, (api) => api.admin.clock.advance.mutate({ duration }));
    io.out(`${JSON.stringify({ command: "clock", now })}\n`);
    return 0;
  },
};
