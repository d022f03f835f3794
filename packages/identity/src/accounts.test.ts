import { describeOnEveryDatabase } from "@almanac/db/testing";
import { auditLog } from "@almanac/db/schema";
import { expect, it } from "vitest";
import { createFirstOperator, findUserByEmail, hasOperator, isDemoEmail } from "./accounts.ts";
import { addAccount, createTestIdentity, TestBrowser, testPassword } from "./testing.ts";

describeOnEveryDatabase("making accounts", (test) => {
  it("makes the first operator, who can sign in at once", async () => {
    const { identity, clock } = createTestIdentity(test.handle);
    expect(await hasOperator(test.db)).toBe(false);
    const person = { email: "Ines@example.org", name: "Ines", password: testPassword };
    const first = await test.handle.transaction((tx) => createFirstOperator(tx, person, { clock }));
    expect(first.isNew).toBe(true);
    expect(await hasOperator(test.db)).toBe(true);
    const browser = new TestBrowser(identity);
    await browser.signIn("ines@example.org");
    expect((await browser.caller()).roles).toEqual(["analyst", "operator"]);
    const audit = await test.db.select().from(auditLog);
    expect(audit).toMatchObject([{ action: "operator.created", subject: first.userId, actorUserId: null }]);
  });

  it("promotes a person who has an account already and leaves their password alone", async () => {
    const { identity, clock } = createTestIdentity(test.handle);
    const { userId } = await addAccount(test.handle, { email: "maya@example.org" }, clock);
    const person = { email: "maya@example.org", name: "Maya", password: "another password" };
    const result = await test.handle.transaction((tx) => createFirstOperator(tx, person, { clock }));
    expect(result).toEqual({ userId, isNew: false });
    const browser = new TestBrowser(identity);
    expect((await browser.signIn("maya@example.org", "another password")).status).toBe(401);
    expect((await browser.signIn("maya@example.org")).status).toBe(200);
  });

  it("refuses a second account with the same address and writes nothing of it", async () => {
    const { clock } = createTestIdentity(test.handle);
    const { userId } = await addAccount(test.handle, { email: "maya@example.org" }, clock);
    await expect(addAccount(test.handle, { email: "MAYA@example.org " }, clock)).rejects.toMatchObject({
      code: "email_taken",
    });
    expect(await findUserByEmail(test.db, "Maya@Example.org")).toBe(userId);
  });

  it.each([
    ["ines@demo.example", true],
    [" INES@DEMO.EXAMPLE ", true],
    ["ines@notdemo.example", false],
    ["ines@demo.example.org", false],
  ])("counts %j as a demo account: %s", (email, isDemo) => {
    expect(isDemoEmail(email)).toBe(isDemo);
  });
});
