import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { seconds, type Milliseconds } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { monitorTopic } from "../messages.ts";
import { publishLive } from "./publish.ts";

export interface MonitorNews {
  /** Something that operators see has moved. */
  moved(): void;
  stop(): void;
}

export interface MonitorNewsOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly log: Logger;
  readonly everyMs?: Milliseconds;
  /** Calls back once after so long. @returns calls it off */
  readonly after?: (delayMs: Milliseconds, act: () => void) => () => void;
}

/** Tells open monitors to read again: at once after a rest, and no more than once in a second. */
export function createMonitorNews({
  handle,
  bus,
  log,
  everyMs = seconds(1),
  after = afterTimeout,
}: MonitorNewsOptions): MonitorNews {
  let isResting = false;
  let isWaiting = false;
  let callOff: (() => void) | undefined;

  const tell = (): void => {
    isResting = true;
    isWaiting = false;
    callOff = after(everyMs, () => {
      isResting = false;
      if (isWaiting) tell();
    });
    publishLive(handle.db, bus, { topic: monitorTopic, type: "MONITOR_UPDATE", payload: {} }).catch(
      (err: unknown) => log.debug({ err }, "monitors were not told that figures moved"),
    );
  };

  return {
    moved() {
      if (isResting) isWaiting = true;
      else tell();
    },
    stop: () => callOff?.(),
  };
}

function afterTimeout(delayMs: Milliseconds, act: () => void): () => void {
  const timer = setTimeout(act, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}
