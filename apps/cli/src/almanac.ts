import { isAppError, wordsWithCause } from "@almanac/kernel";
import type { Command, CommandIo } from "./command.ts";

/** Commands on files. Each loads what it needs when it runs: a forecast must not carry the rest of the platform. */
const onFiles: readonly Command[] = [
  {
    name: "recommend",
    summary: "recommend offline, from files, with any model or baseline",
    run: async (argv) => (await import("./offline/recommend/index.ts")).runRecommend(argv),
  },
  {
    name: "search",
    summary: "search offline, from files, with learned or plain weights",
    run: async (argv) => (await import("./offline/search/run-search.ts")).runSearch(argv),
  },
  {
    name: "forecast",
    summary: "forecast series with intervals, from a file, with the ensemble or one model",
    run: async (argv, io) => (await import("./offline/forecast/run-forecast.ts")).runForecast(argv, io),
  },
  {
    name: "backtest",
    summary: "hold several models against what came after earlier origins of series in a file",
    run: async (argv, io) => (await import("./offline/forecast/run-backtest.ts")).runBacktest(argv, io),
  },
  {
    name: "reconcile",
    summary: "forecast series, their groups and their total so that the forecasts add up",
    run: async (argv, io) => (await import("./offline/forecast/run-reconcile.ts")).runReconcile(argv, io),
  },
  {
    name: "season",
    summary: "find the length of the season of each series in a file",
    run: async (argv, io) => (await import("./offline/forecast/run-season.ts")).runSeason(argv, io),
  },
  {
    name: "anomalies",
    summary: "score the values of streams in a file by how unlike all before they are",
    run: async (argv, io) => (await import("./offline/forecast/run-anomalies.ts")).runAnomalies(argv, io),
  },
  {
    name: "classify",
    summary: "predict a yes or no for the rows of a table, fold by fold",
    run: async (argv, io) => (await import("./offline/tabular/run-classify.ts")).runClassify(argv, io),
  },
  {
    name: "regress",
    summary: "predict a number with an interval for the rows of a table",
    run: async (argv, io) => (await import("./offline/tabular/run-regress.ts")).runRegress(argv, io),
  },
];

/** Commands on a place or a server, in the order of the list. */
const served: Readonly<Record<string, () => Promise<Command>>> = {
  algorithms: async () => (await import("./algorithms/algorithms-command.ts")).algorithmsCommand,
  simulate: async () => (await import("./commands/simulate.ts")).simulateCommand,
  train: async () => (await import("./commands/train.ts")).trainCommand,
  models: async () => (await import("./commands/models.ts")).modelsCommand,
  import: async () => (await import("./commands/import.ts")).importCommand,
  operator: async () => (await import("./commands/operator.ts")).operatorCommand,
  clock: async () => (await import("./commands/clock.ts")).clockCommand,
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand,
};

async function commandNamed(name: string): Promise<Command | undefined> {
  const onFile = onFiles.find((candidate) => candidate.name === name);
  return onFile ?? (Object.hasOwn(served, name) ? await served[name]!() : undefined);
}

/**
 * The `almanac` command line.
 *
 * @param argv what follows the program's name
 * @returns the exit code: 0, or 2 after one sentence on what was wrong
 */
export async function almanac(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    io.out(await usage());
    return name === undefined ? 2 : 0;
  }
  const command = await commandNamed(name);
  if (!command) {
    io.say(`almanac: there is no command "${name}".\n\n${await listOfCommands()}`);
    return 2;
  }
  if (command.help !== undefined && (rest.includes("--help") || rest.includes("-h"))) {
    io.out(command.help);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (!isAppError(error) || error.category === "internal") throw error;
    // Of most errors the cause is a word of some library's inside; of this one it is the address that was tried.
    const words = error.code === "database_unavailable" ? wordsWithCause(error) : error.message;
    // What the engine says of an option that begins with a dash is told in three lines.
    io.say(`almanac ${name}: ${words.replaceAll(/\s*\n\s*/g, " ")}\n`);
    return 2;
  }
}

async function usage(): Promise<string> {
  return `Usage: pnpm almanac <command> [options]\n\n${await listOfCommands()}\nEach command explains itself with --help.\n`;
}

async function listOfCommands(): Promise<string> {
  const commands = [...onFiles, ...(await Promise.all(Object.values(served).map((load) => load())))];
  return `Commands:\n${commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}\n`).join("")}`;
}
