import { eq } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { modelArtefacts } from "@almanac/db/schema";

export async function insertArtefact(db: Queryable, row: typeof modelArtefacts.$inferInsert): Promise<void> {
  await db.insert(modelArtefacts).values(row).onConflictDoNothing();
}

export async function findArtefact(db: Queryable, hash: string): Promise<Uint8Array | undefined> {
  const [row] = await db
    .select({ bytes: modelArtefacts.bytes })
    .from(modelArtefacts)
    .where(eq(modelArtefacts.hash, hash));
  return row?.bytes;
}
