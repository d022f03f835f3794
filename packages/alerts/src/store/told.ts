import { eq } from "drizzle-orm";
import { advisoryLock, type Transaction } from "@almanac/db";
import { settings } from "@almanac/db/schema";

/** What was told already, by topic; kept among the installation's small facts. */
export async function readTold(tx: Transaction, key: string): Promise<Record<string, unknown> | undefined> {
  const [row] = await tx
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, keyOf(key)));
  return row?.value;
}

export async function saveTold(
  tx: Transaction,
  key: string,
  value: Record<string, unknown>,
  now: Date,
): Promise<void> {
  await tx
    .insert(settings)
    .values({ key: keyOf(key), value, updatedAt: now })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: now } });
}

/** One process at a time tells of this; the others wait and then find it told. */
export async function takeTurn(tx: Transaction, name: string): Promise<void> {
  await advisoryLock(tx, `alerts:${name}`);
}

const keyOf = (key: string): string => `alerts.${key}`;
