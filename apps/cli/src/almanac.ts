import { isAppError } from "@almanac/kernel";
import type { Command, CommandIo } from "./command.ts";
import { clockCommand } from "./commands/clock.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { importCommand } from "./commands/import.ts";
import { modelsCommand } from "./commands/models.ts";
import { operatorCommand } from "./commands/operator.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { trainCommand } from "./commands/train.ts";
import { runAnomalies } from "./offline/forecast/run-anomalies.ts";
import { runBacktest } from "./offline/forecast/run-backtest.ts";
import { runForecast } from "./offline/forecast/run-forecast.ts";
import { runReconcile } from "./offline/forecast/run-reconcile.ts";
import { runSeason } from "./offline/forecast/run-season.ts";
import { runRecommend } from "./offline/recommend/index.ts";
import { runClassify } from "./offline/tabular/run-classify.ts";
import { runRegress } from "./offline/tabular/run-regress.ts";
import { runSearch } from "./offline/search/run-search.ts";

const commands: readonly Command[] = [
  {
    name: "recommend",
    summary: "recommend offline, from files, with any model or baseline",
    run: (argv) => runRecommend(argv),
  },
  {
    name: "search",
    summary: "search offline, from files, with learned or plain weights",
    run: (argv) => runSearch(argv),
  },
  {
    name: "forecast",
    summary: "forecast series with intervals, from a file, with the ensemble or one model",
    run: (argv, io) => runForecast(argv, io),
  },
  {
    name: "backtest",
    summary: "hold several models against what came after earlier origins of series in a file",
    run: (argv, io) => runBacktest(argv, io),
  },
  {
    name: "reconcile",
    summary: "forecast series, their groups and their total so that the forecasts add up",
    run: (argv, io) => runReconcile(argv, io),
  },
  {
    name: "season",
    summary: "find the length of the season of each series in a file",
    run: (argv, io) => runSeason(argv, io),
  },
  {
    name: "anomalies",
    summary: "score the values of streams in a file by how unlike all before they are",
    run: (argv, io) => runAnomalies(argv, io),
  },
  {
    name: "classify",
    summary: "predict a yes or no for the rows of a table, fold by fold",
    run: (argv, io) => runClassify(argv, io),
  },
  {
    name: "regress",
    summary: "predict a number with an interval for the rows of a table",
    run: (argv, io) => runRegress(argv, io),
  },
  simulateCommand,
  trainCommand,
  modelsCommand,
  importCommand,
  operatorCommand,
  clockCommand,
  doctorCommand,
];

/**
 * The `almanac` command line.
 *
 * @param argv what follows the program's name
 * @returns the exit code: 0, or 2 after one sentence on what was wrong
 */
export async function almanac(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    io.out(usage());
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    io.say(`almanac: there is no command "${name}".\n\n${listOfCommands()}`);
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
    io.say(`almanac ${name}: ${error.message}\n`);
    return 2;
  }
}

function usage(): string {
  return `Usage: pnpm almanac <command> [options]\n\n${listOfCommands()}\nEach command explains itself with --help.\n`;
}

function listOfCommands(): string {
  return `Commands:\n${commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}\n`).join("")}`;
}
