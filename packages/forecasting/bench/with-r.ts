/** R's package forecast beside ours, where R is installed: `with-r.R` forecasts the same series in a process of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PeerRun {
  /** For example "R ets". */
  readonly model: string;
  readonly forecasts: readonly PeerForecast[];
  /** Milliseconds of the processor, mean of a series, fitting and bounds. */
  readonly cpu: number;
}

export interface PeerForecast {
  readonly mean: Float64Array;
  readonly lo80: Float64Array;
  readonly hi80: Float64Array;
  readonly lo95: Float64Array;
  readonly hi95: Float64Array;
}

interface Given {
  readonly id: string;
  readonly m: number;
  readonly h: number;
  readonly y: readonly (number | null)[];
}

type Answer = { model: string; id: string; ms: number } & Record<keyof PeerForecast, number[]>;

/** @returns one run a method, forecasts in the order of the series; a sentence where R or its packages are missing */
export function runR(series: readonly Given[], methods: string): PeerRun[] | string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-r-"));
  try {
    const file = join(folder, "series.jsonl");
    writeFileSync(file, series.map(({ id, m, h, y }) => `${JSON.stringify({ id, m, h, y })}\n`).join(""));
    const script = join(import.meta.dirname, "with-r.R");
    const { error, status, stdout, stderr } = spawnSync("Rscript", [script, file, methods], {
      encoding: "utf8",
      maxBuffer: 2 ** 30,
    });
    if (error) return "R is not installed";
    if (status !== 0) return `R failed: ${stderr.trim().split("\n").at(-1)}`;
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Answer);
    return [...Map.groupBy(answers, ({ model }) => model)].map(([model, own]) => {
      const byId = new Map(own.map((answer) => [answer.id, answer]));
      return {
        model: `R ${model}`,
        forecasts: series.map(({ id }) => bandsOf(byId.get(id)!)),
        cpu: own.reduce((sum, { ms }) => sum + ms, 0) / own.length,
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bandsOf({ mean, lo80, hi80, lo95, hi95 }: Answer): PeerForecast {
  const f = (values: number[]): Float64Array => Float64Array.from(values);
  return { mean: f(mean), lo80: f(lo80), hi80: f(hi80), lo95: f(lo95), hi95: f(hi95) };
}
