import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/** When a process that tells what it has done, a line a deed, is killed. */
export interface Killing {
  /** Asked at every line, with all of them so far; the first `true` kills. Default: never. */
  readonly when?: (lines: readonly string[]) => boolean;
  /** Milliseconds between the line that kills and the kill; default: at once. */
  readonly moreMs?: number;
}

export interface EndedProcess {
  /** All that it said, those after the line that killed it included. */
  readonly lines: readonly string[];
  /** `"SIGKILL"` where it was killed, `null` where it ended by itself before. */
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs Node with these arguments until it ends, or kills it with -9: no handler runs, nothing is flushed. What it writes to its
 * standard error is shown.
 */
export async function runAndKill(
  args: readonly string[],
  { when = () => false, moreMs = 0 }: Killing = {},
): Promise<EndedProcess> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines: string[] = [];
  let isDoomed = false;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (isDoomed || !when(lines)) continue;
    isDoomed = true;
    if (moreMs === 0) child.kill("SIGKILL");
    else void delay(moreMs).then(() => child.kill("SIGKILL"));
  }
  // Its output may end a moment before it does.
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  return { lines, signal };
}

/** Does something with a new folder, which is gone afterwards, whatever happened. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "almanac-test-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
