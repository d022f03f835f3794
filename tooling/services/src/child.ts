import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";

export interface ChildSettings {
  command: string;
  args: string[];
  /** Removed when the server has ended. */
  folder: string;
  /** A line of the output that says the server answers. */
  readyWhen: RegExp;
  /** Asks it to end in order. */
  stopSignal: NodeJS.Signals;
  /** Ends it when there is no time to wait. */
  abortSignal: NodeJS.Signals;
  startTimeoutMs: number;
}

export interface Child {
  stop: () => Promise<void>;
}

const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Starts a server and waits for its ready line. It ends with `stop`, with a signal to this process, and with this
 * process itself; its folder goes with it.
 *
 * @throws Error with the last of its output, if it ends or takes too long before it is ready
 */
export async function startChild(settings: ChildSettings): Promise<Child> {
  const child = spawn(settings.command, settings.args, {
    cwd: settings.folder,
    stdio: ["ignore", "pipe", "pipe"],
    // Its own group: Ctrl-C in the terminal reaches this process, which then stops it in order.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const removeTraces = stopWithThisProcess(child, ended, settings);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill(settings.stopSignal);
    }
    await ended;
    removeTraces();
  };
  try {
    await ready(child, ended, settings);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(child: ChildProcess, ended: Promise<void>, settings: ChildSettings): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let output = "";
  const fail = (what: string) => reject(new Error(`${settings.command} ${what}\n${output.slice(-2_000)}`));
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    if (settings.readyWhen.test(output)) resolve();
  };
  child.stdout?.on("data", read);
  child.stderr?.on("data", read);
  child.once("error", (error) => fail(`could not be started: ${error.message}`));
  void ended.then(() => fail("ended before it was ready"));
  const timer = setTimeout(
    () => fail(`was not ready within ${settings.startTimeoutMs} ms`),
    settings.startTimeoutMs,
  );
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    child.stdout?.off("data", read);
    child.stderr?.off("data", read);
    // Later output is read and dropped, so that the server never waits for a reader.
    child.stdout?.resume();
    child.stderr?.resume();
  }
}

/** Returns a function that removes the folder and the handlers installed here. */
function stopWithThisProcess(child: ChildProcess, ended: Promise<void>, settings: ChildSettings): () => void {
  const { folder, stopSignal, abortSignal } = settings;
  const atExit = () => {
    child.kill(abortSignal);
    if (child.pid !== undefined) removeAfter(child.pid, folder);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    child.kill(stopSignal);
    void ended.then(() => {
      removeTraces();
      // Nobody else wants to act on the signal: it ends this process, as it would have without our handler.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  };
  const removeTraces = () => {
    process.off("exit", atExit);
    for (const ending of endings) process.off(ending, onSignal);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", atExit);
  for (const ending of endings) process.on(ending, onSignal);
  return removeTraces;
}

/** A server that is ending still writes, and this process has no time left to wait for it: a shell does both. */
function removeAfter(pid: number, folder: string): void {
  const script =
    'n=0; while kill -0 "$1" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done; rm -rf "$2"';
  spawn("sh", ["-c", script, "sh", String(pid), folder], { detached: true, stdio: "ignore" }).unref();
}
