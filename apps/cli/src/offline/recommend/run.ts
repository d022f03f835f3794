import { isAppError } from "@almanac/kernel";
import { writeLines } from "../files/write-atomic.ts";
import { coverLists } from "./cover-lists.ts";
import type { Coverage } from "./cover-lists.ts";
import { help, parseOptions } from "./options.ts";
import type { RecommendOptions } from "./options.ts";
import { stderrProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import type { TaskResult } from "./result.ts";
import { recommendBaskets } from "./task-basket.ts";
import { recommendItems } from "./task-items.ts";
import { recommendSession } from "./task-session.ts";

/**
 * `almanac recommend`: reads interactions, fits or chooses a model, writes one ranked list a line.
 *
 * @returns the exit code: 0, or 2 with one sentence on stderr and nothing written
 */
export async function runRecommend(argv: string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(help);
    return 0;
  }
  const started = performance.now();
  try {
    const options = parseOptions(argv);
    const progress = stderrProgress();
    const { coverage: wanted } = options;
    const { result, coverage } =
      wanted === undefined
        ? { result: await runTask(options, progress), coverage: undefined }
        : await coverLists(options, wanted, (deeper) => runTask(deeper, progress));
    let lists = 0;
    await writeLines(
      options.out,
      (function* () {
        for (const list of result.lists) {
          lists++;
          yield JSON.stringify(list);
        }
      })(),
    );
    process.stdout.write(`${JSON.stringify(summaryOf(options, result, coverage, lists, started))}\n`);
    return 0;
  } catch (error) {
    if (!isAppError(error, "input_invalid")) throw error;
    process.stderr.write(`almanac recommend: ${error.message}\n`);
    return 2;
  }
}

function runTask(options: RecommendOptions, progress: Progress): Promise<TaskResult> {
  switch (options.task) {
    case "user":
    case "cart":
      return recommendItems(options, progress);
    case "basket":
      return recommendBaskets(options, progress);
    case "session":
      return recommendSession(options, progress);
  }
}

function summaryOf(
  options: RecommendOptions,
  result: TaskResult,
  coverage: Coverage | undefined,
  lists: number,
  started: number,
) {
  const { user, system } = process.cpuUsage();
  return {
    command: "recommend",
    task: options.task,
    rows: result.rows,
    lists,
    seconds: Number(((performance.now() - started) / 1000).toFixed(2)),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
    // Kilobytes on every platform, by the documentation of resourceUsage.
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    model: result.model,
    seed: options.seed,
    ...(coverage === undefined ? {} : { coverage }),
    ...(result.validation === undefined ? {} : { validation: result.validation }),
  };
}
