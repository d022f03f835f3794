import { statfs } from "node:fs/promises";
import { migrationsPending, type DatabaseHandle } from "@almanac/db";
import { readQueue } from "@almanac/events";
import { minutes, type Milliseconds } from "@almanac/kernel";
import type { ConnectionBook } from "@almanac/realtime";
import type { ModelsHealth } from "@almanac/models/router";
import type { SearchHealth } from "@almanac/ranking/router";
import type { ShopWindow } from "@almanac/signals";
import type { PartHealth } from "./health.ts";

/** Facts are handled within a second; one that waits for a minute says that no worker keeps up. */
export const slowBacklogMs: Milliseconds = minutes(1);
/** The shop window looks for changes every three seconds; without one for so long, pages show what was. */
export const staleWindowMs: Milliseconds = minutes(1);
const gigabyte = 1_000_000_000;

export async function queueHealth(handle: DatabaseHandle): Promise<PartHealth> {
  const { open, parked, retrying, oldestAgeMs } = await readQueue(handle.db);
  const facts = { open, parked, retrying, oldestAgeMs };
  if (oldestAgeMs <= slowBacklogMs) return { status: "HEALTHY", ...facts };
  return { status: "DEGRADED", detail: "facts wait for more than a minute", ...facts };
}

/** @param max how many sockets this process takes, and as many event streams */
export function liveHealth(book: Pick<ConnectionBook, "figures">, max: number): PartHealth {
  const { websocket, trpc, sse } = book.figures().active;
  const facts = { websockets: websocket + trpc, eventStreams: sse, max };
  if (websocket + trpc < max && sse < max) return { status: "HEALTHY", ...facts };
  return { status: "DEGRADED", detail: "no room for another connection", ...facts };
}

export function shopWindowHealth(
  shopWindow: Pick<ShopWindow, "size" | "version" | "sinceLookMs">,
): PartHealth {
  const sinceLookMs = shopWindow.sinceLookMs();
  const facts = { products: shopWindow.size, version: shopWindow.version };
  if (sinceLookMs === undefined) return { status: "UNHEALTHY", detail: "not loaded yet", ...facts };
  const age = { sinceLookMs: Math.round(sinceLookMs) };
  if (sinceLookMs <= staleWindowMs) return { status: "HEALTHY", ...facts, ...age };
  return { status: "DEGRADED", detail: "shows what was for sale a while ago", ...facts, ...age };
}

/** Words are found all the same when another engine has to; it is slower, or knows less. */
export function searchHealth({ problem, ...facts }: SearchHealth): PartHealth {
  if (problem === undefined) return { status: "HEALTHY", ...facts };
  return { status: "DEGRADED", detail: problem, ...facts };
}

/** A shop without its models sells all the same: what they would tell is left out. */
export function modelsHealth({ problem, ...facts }: ModelsHealth): PartHealth {
  if (problem === undefined) return { status: "HEALTHY", ...facts };
  return { status: "DEGRADED", detail: problem, ...facts };
}

/** The disk that the data folder is on: below one gigabyte somebody should look, below a tenth of it writes begin to fail. */
export async function diskHealth(folder: string): Promise<PartHealth> {
  const { bavail, bsize, blocks } = await statfs(folder);
  const [freeBytes, totalBytes] = [bavail * bsize, blocks * bsize];
  return { ...diskVerdict(freeBytes), freeBytes, totalBytes };
}

export function diskVerdict(freeBytes: number): Pick<PartHealth, "status" | "detail"> {
  if (freeBytes >= gigabyte) return { status: "HEALTHY" };
  const detail = `${Math.round(freeBytes / 1_000_000)} MB are free`;
  return { status: freeBytes < gigabyte / 10 ? "UNHEALTHY" : "DEGRADED", detail };
}

/** A schema that is not this build's: a newer build has moved on, or somebody changed the database by hand. */
export async function migrationsHealth(handle: DatabaseHandle): Promise<PartHealth> {
  const pending = await migrationsPending(handle);
  if (pending.length === 0) return { status: "HEALTHY" };
  return { status: "UNHEALTHY", detail: `not applied: ${pending.join(", ")}` };
}
