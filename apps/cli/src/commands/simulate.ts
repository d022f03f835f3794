import { rankingTrial, ips, snips, runStudy, type Rates, type StudyResult } from "@almanac/experiments";
import { costsSince, readArguments, wrongUse, type Command } from "../command.ts";

const help = `almanac simulate search|recsys [options]

Runs the same experiment many times on simulated shoppers whose clicks follow a known truth, with a lift and without, and
counts what the platform's statistics concluded: how often the 95 % interval holds the true lift, how often a difference is
declared where there is none although somebody looks again and again, and how often the lift is found.

  --lift X       true relative lift of the click rate, .2 unless told
  --seeds N      experiments with the lift, and as many without, 200 unless told
  --seed N       where the random numbers start, 1 unless told
  --shoppers N   shoppers of each experiment, 4,000 unless told
  --looks N      looks at each result on the way, 20 unless told

"planned" spends alpha over the looks of a plan, "anytime" is a confidence sequence, "naive" is a plain test at every look.
The last line on stdout is a summary in JSON.
`;

export const simulateCommand: Command = {
  name: "simulate",
  summary: "try the statistics of experiments on shoppers with a known truth",
  help,
  run(argv, { out, say }) {
    const startedAt = performance.now();
    const text = { type: "string" } as const;
    const { values, positionals } = readArguments(argv, {
      lift: text,
      seeds: text,
      seed: text,
      shoppers: text,
      looks: text,
    });
    const [subject, ...rest] = positionals;
    if ((subject !== "search" && subject !== "recsys") || rest.length > 0) {
      throw wrongUse("say what to simulate: search or recsys");
    }
    const options = {
      surface: subject === "search" ? ("search" as const) : ("recommendations" as const),
      lift: numberOf("lift", values.lift || "0.2", -0.9, 1),
      seeds: wholeOf("seeds", values.seeds || "200", 1, 100_000),
      seed: wholeOf("seed", values.seed || "1", 0, Number.MAX_SAFE_INTEGER),
      shoppers: wholeOf("shoppers", values.shoppers || "4000", 200, 1_000_000),
      looks: wholeOf("looks", values.looks || "20", 1, 100),
    };
    const study = runStudy(options, (done) => {
      if (done % 100 === 0) say(`${done} of ${options.seeds} experiments\n`);
    });
    const offPolicy = judgeOffPolicy(options.seed);
    out(table(study));
    const { surface: _, ...settings } = options;
    out(
      `${JSON.stringify({
        command: "simulate",
        subject,
        rows: options.seeds * 2 * options.shoppers,
        ...costsSince(startedAt),
        ...settings,
        coverage: study.coverage,
        coverageAtEveryLook: study.coverageAtEveryLook,
        falsePositiveRate: study.falsePositives,
        power: study.power,
        ratioAlarmRate: study.ratioAlarms,
        offPolicy,
      })}\n`,
    );
    return Promise.resolve(0);
  },
};

/** How far off the truth the value of a new ranking is when told from the old one's log, as a share of the truth. */
function judgeOffPolicy(seed: number): { truth: number; ipsError: number; snipsError: number } {
  const { log, truth } = rankingTrial({ searches: 400_000, seed });
  return { truth, ipsError: ips(log).value / truth - 1, snipsError: snips(log).value / truth - 1 };
}

function table({
  coverage,
  coverageAtEveryLook,
  falsePositives,
  power,
  controlRate,
  trueLift,
}: StudyResult): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(9);
  const row = (name: string, { planned, anytime, naive }: Rates): string =>
    `${name.padEnd(46)}${percent(planned)}${percent(anytime)}${percent(naive)}\n`;
  return (
    `click rate of control ${(100 * controlRate).toFixed(1)} %, true lift ${(100 * trueLift).toFixed(1)} %\n` +
    `${"".padEnd(46)}${"planned".padStart(9)}${"anytime".padStart(9)}${"naive".padStart(9)}\n` +
    row("interval at the end holds the true lift", coverage) +
    row("interval holds it at every look", coverageAtEveryLook) +
    row("a difference declared where there is none", falsePositives) +
    row("the lift found", power)
  );
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most)) {
    throw wrongUse(`--${name} must be a number from ${least} to ${most}, not ${JSON.stringify(text)}`);
  }
  return value;
}

function wholeOf(name: string, text: string, least: number, most: number): number {
  const value = numberOf(name, text, least, most);
  if (!Number.isInteger(value))
    throw wrongUse(`--${name} must be a whole number, not ${JSON.stringify(text)}`);
  return value;
}
