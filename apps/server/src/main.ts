import { parseArgs } from "node:util";
import { AppError, wordsWithCause } from "@almanac/kernel";
import { dataFolder, EnvError, readEnv } from "./settings/env.ts";
import { retiredVariables } from "./settings/retired-variables.ts";
import { startServer } from "./start.ts";

const usage = `Usage: pnpm start [--data <folder>] [--port <number>]

  --data   folder of the embedded database (default: ALMANAC_DATA or .data)
  --port   before PORT (default: 3000)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: "string" }, port: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const env = readEnv({ ...process.env, ...(values.port === undefined ? {} : { PORT: values.port }) });
  for (const words of retiredVariables(process.env)) console.warn(words);
  const calledFrom = process.env["INIT_CWD"] ?? process.cwd();
  const server = await startServer({ env, dataDir: dataFolder(env, values.data, calledFrom) });

  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    console.log(`\n${signal === "SIGINT" ? "Stopping" : "Asked to stop"}: finishing what is under way.`);
    // Whatever hangs, the process is gone after five seconds.
    setTimeout(() => process.exit(1), 5_000).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

main().catch((error: unknown) => {
  const isExpected = error instanceof EnvError || error instanceof AppError || isUsageError(error);
  console.error(isExpected ? wordsWithCause(error as Error) : error);
  process.exit(isExpected ? 2 : 1);
});

function isUsageError(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
