import type { DatabaseHandle } from "@almanac/db";
import { minutes, type Clock, type Milliseconds } from "@almanac/kernel";
import type { z } from "zod";
import { parseCron, type Cron } from "./core/cron.ts";

/** The part of a structured logger that jobs use. */
export interface JobLog {
  info(facts: Record<string, unknown>, message: string): void;
  warn(facts: Record<string, unknown>, message: string): void;
  error(facts: Record<string, unknown>, message: string): void;
}

export interface JobContext {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly log: JobLog;
  /** Aborted when the job takes too long or the process ends: stop as soon as it is safe. */
  readonly signal: AbortSignal;
  /** 1 the first time. */
  readonly attempt: number;
}

/** Fires by the clock on a market's wall, or by an interval. */
export type Schedule =
  | {
      readonly cron: string;
      readonly timeZone: string;
      readonly data?: Record<string, unknown>;
      readonly catchUp?: boolean;
    }
  | { readonly everyMs: Milliseconds; readonly data?: Record<string, unknown> };

export interface JobOptions<Data extends z.ZodType> {
  /** An order: "forecasts.refresh". Kept in the database. */
  readonly name: string;
  readonly data: Data;
  /** Tries in all: 4 unless set otherwise, that is three retries. */
  readonly maxAttempts?: number;
  /** After the n-th failure it waits `retryDelayMs` x 2^(n-1): 5 s unless set otherwise. */
  readonly retryDelayMs?: Milliseconds;
  readonly timeoutMs?: Milliseconds;
  /**
   * When it runs by itself, once per tick over all processes. Of ticks that were missed the latest counts; a cron schedule
   * with `catchUp` also makes up for one that was missed while no process ran.
   */
  readonly schedules?: readonly Schedule[];
  /** May run twice: a worker that dies half-way is replaced by another. */
  readonly run: (data: z.output<Data>, context: JobContext) => Promise<void>;
}

/** A kind of job, with its defaults filled in and its data's type known to itself alone. */
export interface Job<Input = never> {
  readonly name: string;
  readonly maxAttempts: number;
  readonly retryDelayMs: Milliseconds;
  readonly timeoutMs: Milliseconds;
  readonly schedules: readonly ParsedSchedule[];
  /** Only says what `enqueueJob` takes. */
  readonly takes?: (input: Input) => void;
  /** Checks the data and runs. */
  execute(data: unknown, context: JobContext): Promise<void>;
}

export interface ParsedSchedule {
  /** Unique within the job: "cron 0 2 * * * America/New_York". */
  readonly label: string;
  readonly data: Record<string, unknown>;
  readonly when:
    | { readonly kind: "cron"; readonly cron: Cron; readonly timeZone: string; readonly catchUp: boolean }
    | { readonly kind: "interval"; readonly everyMs: Milliseconds };
}

/** Declares a kind of job. Data is checked against the schema when it runs, as it may have waited in the database. */
export function defineJob<Data extends z.ZodType<object, object>>({
  name,
  data: schema,
  maxAttempts = 4,
  retryDelayMs = 5_000,
  timeoutMs = minutes(10),
  schedules = [],
  run,
}: JobOptions<Data>): Job<z.input<Data>> {
  return {
    name,
    maxAttempts,
    retryDelayMs,
    timeoutMs,
    schedules: schedules.map(parseSchedule),
    execute: async (data, context) => run(schema.parse(data), context),
  };
}

function parseSchedule(schedule: Schedule): ParsedSchedule {
  const { data = {} } = schedule;
  if ("everyMs" in schedule) {
    const { everyMs } = schedule;
    return { label: `every ${everyMs / 1_000} s`, data, when: { kind: "interval", everyMs } };
  }
  const { timeZone, catchUp = false } = schedule;
  const cron = parseCron(schedule.cron);
  return { label: `cron ${cron.text} ${timeZone}`, data, when: { kind: "cron", cron, timeZone, catchUp } };
}
