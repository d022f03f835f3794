import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import * as schema from "../src/schema/index.ts";

export type Snapshot = ReturnType<typeof generateDrizzleJson>;

/** Id of the empty schema before the first migration, as drizzle-kit writes it. */
const origin = "00000000-0000-0000-0000-000000000000";

/** The schema of this build as drizzle-kit's snapshot, with a given id, so that the same schema gives the same file. */
export function currentSnapshot(id: string, prevId = origin): Snapshot {
  return { ...generateDrizzleJson({ ...schema }, prevId, undefined, "snake_case"), id };
}

/** A snapshot of nothing. */
export function emptySnapshot(): Snapshot {
  return { ...generateDrizzleJson({}, origin, undefined, "snake_case"), id: origin };
}

/** The statements that lead from one snapshot to the other; none if they are equal. */
export function statementsBetween(from: Snapshot, to: Snapshot): Promise<string[]> {
  return generateMigration(from, to);
}
