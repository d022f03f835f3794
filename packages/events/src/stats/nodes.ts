import { settings } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { minutes, type Clock, type Milliseconds } from "@almanac/kernel";
import { and, eq, gt, like, lte } from "drizzle-orm";

/** What one process says of itself, so that figures can be summed over all of them. */
export interface NodeReport<Report> {
  readonly nodeId: string;
  readonly report: Report;
}

const keyOf = (kind: string, nodeId: string): string => `node:${kind}:${nodeId}`;

/** Writes a process's latest figures over its earlier ones. */
export async function reportNode(
  db: Queryable,
  clock: Clock,
  kind: string,
  { nodeId, report }: NodeReport<Record<string, unknown>>,
): Promise<void> {
  const value = report;
  const updatedAt = clock.now();
  await db
    .insert(settings)
    .values({ key: keyOf(kind, nodeId), value, updatedAt })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt } });
}

/** The processes that reported lately, in the order of their ids. */
export async function listNodes(
  db: Queryable,
  clock: Clock,
  kind: string,
  maxAgeMs: Milliseconds = minutes(1),
): Promise<NodeReport<Record<string, unknown>>[]> {
  const since = new Date(clock.now().getTime() - maxAgeMs);
  const prefix = keyOf(kind, "");
  const found = await db
    .select({ key: settings.key, value: settings.value })
    .from(settings)
    .where(and(like(settings.key, `${prefix}%`), gt(settings.updatedAt, since)))
    .orderBy(settings.key);
  return found.map(({ key, value }) => ({ nodeId: key.slice(prefix.length), report: value }));
}

/** Takes a process that ends off the list. */
export async function forgetNode(db: Queryable, kind: string, nodeId: string): Promise<void> {
  await db.delete(settings).where(eq(settings.key, keyOf(kind, nodeId)));
}

/** Removes processes that ended without saying so. @returns how many */
export async function forgetDeadNodes(
  db: Queryable,
  clock: Clock,
  maxAgeMs: Milliseconds = minutes(10),
): Promise<number> {
  const before = new Date(clock.now().getTime() - maxAgeMs);
  const gone = await db
    .delete(settings)
    .where(and(like(settings.key, "node:%"), lte(settings.updatedAt, before)))
    .returning({ key: settings.key });
  return gone.length;
}
