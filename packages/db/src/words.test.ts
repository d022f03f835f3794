import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { describeOnEveryDatabase } from "./testing.ts";
import { wordsWithoutData } from "./words.ts";

describeOnEveryDatabase("what is said of an error", (test) => {
  const failureOf = async (query: Promise<unknown>): Promise<unknown> =>
    query.catch((error: unknown) => error);

  it("names the rule that was broken, not the row", async () => {
    const join = () =>
      test.handle.client.query(
        "insert into users (id, name, email) values (gen_random_uuid(), 'Maya', 'maya@example.org')",
      );
    await join();
    const words = wordsWithoutData(await failureOf(join()));
    expect(words).toContain("users_email_unique");
    expect(words).toMatch(/ \(23505\)$/);
    expect(words).not.toMatch(/maya/i);
  });

  it("has the statement without its values, and what a value should have been", async () => {
    const words = wordsWithoutData(
      await failureOf(test.db.execute(sql`select ${'maya "the baker"\nBrook'}::text::int`)),
    );
    expect(words).toBe(
      'Failed query: select $1::text::int: invalid input syntax for type integer: "..." (22P02)',
    );
  });
});

it("what is said of anything else is its own words, not more than there is room for", () => {
  expect(wordsWithoutData(new Error("no way"))).toBe("no way");
  expect(wordsWithoutData("no way")).toBe("no way");
  expect(wordsWithoutData(new Error("no way"), 2)).toBe("no");
});
