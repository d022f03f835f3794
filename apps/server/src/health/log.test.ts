import { describeOnEveryDatabase } from "@almanac/db/testing";
import { users } from "@almanac/db/schema";
import { idFromName, type UserId } from "@almanac/kernel";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { readEnv } from "../settings/env.ts";
import { createLogger } from "./log.ts";

/** What stands in the log of an error. */
function loggedOf(err: unknown): string {
  let text = "";
  createLogger(readEnv({}), { write: (line) => void (text += line) }).error({ err }, "it failed");
  return text;
}

describeOnEveryDatabase("the log of a statement that failed", (test) => {
  it("says which rule was broken and where, and nothing of the person whose row it was", async () => {
    const email = "maya@demo.example";
    const join = (name: string) =>
      test.db.insert(users).values({ id: idFromName<UserId>("log", name), name: "Maya Brook", email });
    await join("1");
    const failure: unknown = await join("2").catch((error: unknown) => error);
    const direct: unknown = await test.handle.client
      .query("insert into users (id, name, email) values ($1, 'Maya Brook', $2)", [
        idFromName("log", "3"),
        email,
      ])
      .catch((error: unknown) => error);
    const wrapped = new Error(`a consumer: ${(failure as Error).message}`, { cause: failure });
    for (const error of [failure, direct, wrapped]) {
      const text = loggedOf(error);
      expect(text).toContain("users_email_unique");
      expect(text).toContain("23505");
      expect(text).not.toMatch(/maya/i);
    }
    expect(loggedOf(failure)).toContain("log.test.ts");
  });

  it("says of a value that the database could not read what it should have been, and not the value", async () => {
    const failure: unknown = await test.db
      .execute(sql`select ${"maya@demo.example"}::text::uuid`)
      .catch((error: unknown) => error);
    const text = loggedOf(new Error("a consumer", { cause: failure }));
    expect(text).toContain("invalid input syntax for type uuid");
    expect(text).not.toMatch(/maya/i);
  });
});

it("the log of any other error has its words, its code, and its causes", () => {
  const cause = Object.assign(new RangeError("too far"), { code: "E_FAR" });
  const { err } = JSON.parse(loggedOf(new Error("no way", { cause }))) as { err: object };
  expect(err).toMatchObject({
    type: "Error",
    message: "no way",
    stack: expect.stringMatching(/^Error: no way\n {4}at /) as unknown,
    cause: { type: "RangeError", message: "too far", code: "E_FAR" },
  });
});
