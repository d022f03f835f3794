import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOnPath } from "./binaries.ts";
import { startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { ServiceAttempt } from "./service.ts";

/** Starts an empty Redis on the loopback address that writes nothing to disk. */
export async function startRedis(): Promise<ServiceAttempt> {
  const command = findOnPath("redis-server");
  if (!command) return { reason: "Redis is not installed (no redis-server on the PATH)" };
  const folder = await mkdtemp(join(tmpdir(), "almanac-redis-"));
  const port = await freePort();
  const settings = {
    port: String(port),
    bind: "127.0.0.1",
    dir: folder,
    save: "",
    appendonly: "no",
    daemonize: "no",
    logfile: "",
  };
  const child = await startChild({
    command,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    folder,
    readyWhen: /[Rr]eady to accept connections/,
    stopSignal: "SIGTERM",
    abortSignal: "SIGKILL",
    startTimeoutMs: 15_000,
  });
  return { service: { name: "Redis", url: `redis://127.0.0.1:${port}`, stop: child.stop } };
}
