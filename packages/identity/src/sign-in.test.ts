import { describeOnEveryDatabase } from "@almanac/db/testing";
import { accounts, sessions } from "@almanac/db/schema";
import { expect, it } from "vitest";
import { addAccount, createTestIdentity, TestBrowser } from "./testing.ts";

describeOnEveryDatabase("signing up and in", (test) => {
  it("signs a new person in at once and keeps an argon2id hash of the password", async () => {
    const { identity } = createTestIdentity(test.handle);
    const browser = new TestBrowser(identity);
    const response = await browser.signUp("Maya@Example.org", "Maya");
    expect(response.status).toBe(200);
    const caller = await browser.caller();
    expect(caller).toMatchObject({ kind: "user", name: "Maya", email: "maya@example.org", roles: [] });
    expect(caller.shopperId).toBeDefined();
    const [account] = await test.db.select().from(accounts);
    expect(account?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await test.db.select().from(sessions)).toHaveLength(1);
  });
  it("signs in", async () => {
    const { identity, clock } = createTestIdentity(test.handle);
    await addAccount(test.handle, { email: "maya@example.org", name: "Maya" }, clock);
    const browser = new TestBrowser(identity);
    const response = await browser.signIn("maya@example.org");
    expect(response.status).toBe(200);
    expect(browser.setCookies).toHaveLength(1);
    expect((await browser.caller()).kind).toBe("user");
  });
});
