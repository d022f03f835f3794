import type { Driver } from "./driver/client.ts";

export interface DatabaseHealth {
  isUp: boolean;
  driver: "pglite" | "postgres";
  /** Time of one `select 1`, in milliseconds, its wait for a free connection included. */
  latencyMs: number;
  /** Why it is down, in one sentence for the log. */
  problem?: string;
}

/** Runs `select 1` and gives up after `timeoutMs`. */
export async function checkHealth(driver: Driver, timeoutMs = 2_000): Promise<DatabaseHealth> {
  const started = performance.now();
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    await Promise.race([driver.query("select 1", [], {}), deadline.promise]);
    return { isUp: true, driver: driver.name, latencyMs: performance.now() - started };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { isUp: false, driver: driver.name, latencyMs: performance.now() - started, problem };
  } finally {
    clearTimeout(timer);
  }
}
