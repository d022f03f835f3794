import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { newId, InvariantError } from "@almanac/kernel";
import { isForeignKeyViolation, isUniqueViolation } from "./driver/query-error.ts";
import { rows } from "./rows.ts";
import { settings } from "./schema/index.ts";
import { describeOnEveryDatabase } from "./testing.ts";

describeOnEveryDatabase("the database", (test) => {
  it("answers", async () => {
    expect(await rows(test.db, sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });
});
