import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import type { Clock } from "@almanac/kernel";

export type HealthStatus = "HEALTHY" | "DEGRADED" | "UNHEALTHY";

export interface PartHealth {
  readonly status: HealthStatus;
  readonly detail?: string;
  readonly [fact: string]: unknown;
}

export interface HealthReport {
  readonly status: HealthStatus;
  readonly time: string;
  readonly version: string;
  readonly role: string;
  readonly uptimeSeconds: number;
  readonly parts: Readonly<Record<string, PartHealth>>;
}

export interface HealthReporter {
  report(): Promise<HealthReport>;
  isDraining(): boolean;
  /** From now on `/readyz` says no, so that a balancer sends no more. */
  drain(): void;
}

export interface HealthOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly role: string;
  readonly version: string;
  /** Further parts, each asked at most once every two seconds. */
  readonly parts: Readonly<Record<string, () => Promise<PartHealth> | PartHealth>>;
}

const cacheMs = 2_000;
const partTimeoutMs = 3_000;
const rank: Record<HealthStatus, number> = { HEALTHY: 0, DEGRADED: 1, UNHEALTHY: 2 };

/** Asks every part and sums up: as bad as the worst. Without its bus the shop keeps selling, so that only degrades. */
export function createHealthReporter(options: HealthOptions): HealthReporter {
  let draining = false;
  let cached: { at: number; report: Promise<HealthReport> } | undefined;

  const ask = async (): Promise<HealthReport> => {
    const asked: Record<string, () => Promise<PartHealth> | PartHealth> = {
      database: () => databaseHealth(options.handle),
      bus: () => busHealth(options.bus),
      ...options.parts,
    };
    const parts = Object.fromEntries(
      await Promise.all(
        Object.entries(asked).map(async ([name, part]) => [name, await safely(part)] as const),
      ),
    );
    const worst = Object.values(parts).reduce<HealthStatus>(
      (status, part) => (rank[part.status] > rank[status] ? part.status : status),
      draining ? "DEGRADED" : "HEALTHY",
    );
    return {
      status: worst,
      time: options.clock.now().toISOString(),
      version: options.version,
      role: options.role,
      uptimeSeconds: Math.round(process.uptime()),
      parts,
    };
  };

  return {
    isDraining: () => draining,
    drain() {
      draining = true;
      cached = undefined;
    },
    report() {
      if (!cached || performance.now() - cached.at > cacheMs)
        cached = { at: performance.now(), report: ask() };
      return cached.report;
    },
  };
}

async function safely(part: () => Promise<PartHealth> | PartHealth): Promise<PartHealth> {
  try {
    return await within(partTimeoutMs, part);
  } catch (error) {
    return { status: "UNHEALTHY", detail: error instanceof Error ? error.name : "unknown" };
  }
}

/** A part that hangs must not keep the others from being told. */
async function within(timeoutMs: number, part: () => Promise<PartHealth> | PartHealth): Promise<PartHealth> {
  const late = Promise.withResolvers<PartHealth>();
  const detail = `no answer within ${timeoutMs} ms`;
  const timer = setTimeout(() => late.resolve({ status: "UNHEALTHY", detail }), timeoutMs);
  try {
    return await Promise.race([part(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function databaseHealth(handle: DatabaseHandle): Promise<PartHealth> {
  const health = await handle.health();
  const { isUp, driver, latencyMs, problem } = health;
  const facts = { driver, latencyMs: Math.round(latencyMs * 10) / 10 };
  return isUp
    ? { status: "HEALTHY", ...facts }
    : { status: "UNHEALTHY", ...facts, detail: problem ?? "no answer" };
}

function busHealth(bus: Bus): PartHealth {
  const health = bus.health();
  return health.status === "ok" ? { status: "HEALTHY" } : { status: "DEGRADED", detail: health.reason };
}
