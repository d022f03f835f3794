import type { Queryable } from "@almanac/db";
import { seconds, type Clock, type Milliseconds } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { quantilesOf, type LatencyQuantiles } from "../core/latency-sketch.ts";
import { addLatencies, createLatencyBook, latencyNames, readLatencies } from "./latencies.ts";

/**
 * The seven steps of an event (EVT-02), in the order in which they happen here: it is taken in, logged before anything reacts
 * to it, waits by its priority, is handled by the consumers, passes the throttle, leads to recommendations, and these are
 * kept and announced on the live lane.
 */
export const pipelineSteps = [
  "ingest",
  "log",
  "priority",
  "handle",
  "throttle",
  "recommend",
  "deliver",
] as const;

export type PipelineStep = (typeof pipelineSteps)[number];

/** The name that a step's durations are kept under. */
export const stepName = (step: PipelineStep): string =>
  step === "handle" ? latencyNames.factHandled : `step.${step}`;

export interface StepTimer {
  /** One step of one event took so long. The trace's id joins the steps of an event in the log of every process. */
  note(step: PipelineStep, ms: Milliseconds, traceId: string): void;
  /** Writes what was noted. It does so by itself every few seconds. */
  flush(): Promise<void>;
  /** The last flush. */
  stop(): Promise<void>;
}

export interface StepTimerOptions {
  db: Queryable;
  clock: Clock;
  log: Logger;
}

const flushMs = seconds(5);

/** Durations of one process on their way to those of all. */
export function createStepTimer({ db, clock, log }: StepTimerOptions): StepTimer {
  const book = createLatencyBook();
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    try {
      await addLatencies(db, clock, book.take());
    } catch (err) {
      log.warn({ err }, "how long the steps of events took could not be saved");
    }
  }

  return {
    note(step, ms, traceId) {
      book.add(stepName(step), ms * 1_000);
      log.debug({ step, ms: Math.round(ms * 10) / 10, traceId }, "a step of an event");
      timer ??= setTimeout(() => void flush(), flushMs).unref();
    },
    flush,
    stop: flush,
  };
}

export type StepFigures = Readonly<Record<PipelineStep, LatencyQuantiles>>;

/** Each step's figures over the last 24 hours and all processes. */
export async function readStepFigures(db: Queryable, clock: Clock): Promise<StepFigures> {
  const sketches = await readLatencies(db, clock, pipelineSteps.map(stepName));
  const figuresOf = (step: PipelineStep): LatencyQuantiles =>
    quantilesOf(sketches.get(stepName(step)) ?? new Map());
  return {
    ingest: figuresOf("ingest"),
    log: figuresOf("log"),
    priority: figuresOf("priority"),
    handle: figuresOf("handle"),
    throttle: figuresOf("throttle"),
    recommend: figuresOf("recommend"),
    deliver: figuresOf("deliver"),
  };
}
